/**
 * Config of a stack that runs the examples of `pipelines/examples`: the defaults, and whatever an example needs of its
 * platform beyond them.
 */
export const exampleSettings: Readonly<Record<string, unknown>> = {
  documents: ["pipelines/examples"],
  gpu: {
    nodeSelector: { "nvidia.com/gpu.present": "true" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  },
  consumerLag: { source: "keda" },
};
