import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { dump } from "js-yaml";
import { writePrivate } from "../files";
import type { Layout } from "../layout";
import type { ProcessSpec } from "../process/managed-process";
import { run } from "../process/run";
import { kubeconfigOf } from "./configuration";
import { podRange } from "./control-plane";

/** Marks the nodes that KWOK plays, for it and for whoever looks at them. */
const simulated = { key: "local.algo.run/simulated", value: "true" };

const zones = ["local-a", "local-b", "local-c"];
const nodesPerZone = 3;

/**
 * Room on each node. A pod that finds no room makes `pulumi up` wait for ten minutes, and
 * the default of 110 pods is full after a few large pipelines; nothing here is real anyway.
 */
const capacity = { cpu: "64", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "2000" };

/** GPUs of the nodes that have some, which only pods that ask for them may use. */
const gpuCapacity = { "nvidia.com/gpu": "8" };
const gpuTaint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

/** The last node of each zone has GPUs, as in a cluster with a node group of its own for them. */
function hasGpus(indexInZone: number): boolean {
  return indexInZone === nodesPerZone - 1;
}

/** The simulated nodes, spread over three zones, in the order of their names. */
export function simulatedNodes(): readonly object[] {
  return zones.flatMap((zone) =>
    Array.from({ length: nodesPerZone }, (_, index) => {
      const withGpus = hasGpus(index);
      const room = withGpus ? { ...capacity, ...gpuCapacity } : capacity;
      const name = `simulated-${zone.slice("local-".length)}${index + 1}`;
      return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
          name,
          annotations: { "kwok.x-k8s.io/node": "fake" },
          labels: {
            "kubernetes.io/arch": "amd64",
            "kubernetes.io/hostname": name,
            "kubernetes.io/os": "linux",
            [simulated.key]: simulated.value,
            "node.kubernetes.io/instance-type": "simulated",
            "topology.kubernetes.io/region": "local",
            "topology.kubernetes.io/zone": zone,
            ...(withGpus && { "nvidia.com/gpu.present": "true" }),
          },
        },
        ...(withGpus && { spec: { taints: [gpuTaint] } }),
        status: { allocatable: room, capacity: room },
      };
    }),
  );
}

/** What the cluster has from the start, as YAML documents: nodes, storage class, KWOK's rights. */
export function initialObjects(): string {
  const objects = readFileSync(join(__dirname, "objects.yaml"), "utf8");
  return [objects.trimEnd(), ...simulatedNodes().map((node) => dump(node).trimEnd())].join("\n---\n");
}

/** KWOK, which answers for the kubelets of the simulated nodes: pods get ready, Jobs complete, claims are bound. */
export async function kwok(layout: Layout, program: string): Promise<ProcessSpec> {
  const kubeconfig = kubeconfigOf(layout, "kwok");
  const configuration = join(layout.cluster, "kwok.yaml");
  const ownStages = await run(program, ["kwok-stages"]);
  const furtherStages = readFileSync(join(__dirname, "stages.yaml"), "utf8");
  writePrivate(configuration, `${ownStages.trimEnd()}\n---\n${furtherStages}`);
  return {
    name: "kwok",
    program,
    args: [
      "kwok",
      `--kubeconfig=${kubeconfig}`,
      // Relative to the state directory, in which it runs: KWOK takes a quote in a path for its own.
      `--config=${relative(layout.directory, configuration)}`,
      "--manage-all-nodes=false",
      `--manage-nodes-with-label-selector=${simulated.key}=${simulated.value}`,
      "--node-lease-duration-seconds=40",
      `--cidr=${podRange}`,
      "--node-ip=127.0.0.1",
    ],
    inputs: [kubeconfig, configuration],
    ports: {},
  };
}
