import assert from "node:assert/strict";
import { z } from "zod";
import type { PipelineArgs } from "../../../components/pipeline/pipeline-args";
import { theManifest } from "../../harness/manifests";
import { resourcesOf } from "./pipeline-under-test";
import { componentOf, run } from "./plans-under-test";

const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    strategy: z.unknown(),
    template: z.looseObject({
      spec: z.looseObject({
        nodeSelector: z.unknown().optional(),
        tolerations: z.unknown().optional(),
        runtimeClassName: z.unknown().optional(),
        initContainers: z.array(z.looseObject({ name: z.string(), resources: z.unknown() })).optional(),
        containers: z.array(z.looseObject({ name: z.string(), resources: z.unknown() })),
      }),
    }),
  }),
});

type Deployment = z.infer<typeof deploymentSchema>["spec"];

async function deploymentOf(gpuEnabled: boolean, args: Partial<PipelineArgs> = {}): Promise<Deployment> {
  const algos = [{ name: "solo", run: `gpuEnabled: ${gpuEnabled}, ${run.server}` }];
  const resources = await resourcesOf({ algos }, args);
  return theManifest(resources, "Deployment", componentOf("solo"), deploymentSchema).spec;
}

const toleration = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };
const gpuNodes = {
  nodeSelector: { accelerator: "a100" },
  tolerations: [toleration],
  runtimeClassName: "nvidia",
};
const everyPod = {
  nodeSelector: { pool: "work" },
  tolerations: [{ key: "work", operator: "Exists" }],
};

describe("the pods of an algo with GPUs", () => {
  it("ask for them in the algo's container, and in no other", async () => {
    const { template } = await deploymentOf(true);
    const { initContainers = [], containers } = template.spec;
    const devices = [...initContainers, ...containers].map(({ name, resources }) => {
      const { requests, limits } = z
        .object({ requests: z.record(z.string(), z.string()), limits: z.record(z.string(), z.string()) })
        .parse(resources);
      return [name, requests["nvidia.com/gpu"], limits["nvidia.com/gpu"], limits["memory"]];
    });
    assert.deepEqual(devices, [
      ["algo", "1", "1", "256Mi"],
      ["runner", undefined, undefined, "256Mi"],
    ]);
  });

  it("go where the stack says that GPUs are, beside what it says of every pod", async () => {
    const { template } = await deploymentOf(true, { gpuNodes, podDefaults: everyPod });
    const { nodeSelector, tolerations, runtimeClassName } = template.spec;
    assert.deepEqual(nodeSelector, { pool: "work", accelerator: "a100" });
    assert.deepEqual(tolerations, [...everyPod.tolerations, toleration]);
    assert.equal(runtimeClassName, "nvidia");
  });

  it("leave the GPU nodes to themselves when they have none", async () => {
    const { template } = await deploymentOf(false, { gpuNodes, podDefaults: everyPod });
    const { nodeSelector, tolerations, runtimeClassName } = template.spec;
    assert.deepEqual(
      [nodeSelector, tolerations, runtimeClassName],
      [everyPod.nodeSelector, everyPod.tolerations, undefined],
    );
  });

  it("need no spare GPU for an update", async () => {
    const strategy = async (gpuEnabled: boolean): Promise<unknown> =>
      (await deploymentOf(gpuEnabled)).strategy;
    assert.deepEqual(await strategy(true), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
    assert.deepEqual(await strategy(false), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });
});
