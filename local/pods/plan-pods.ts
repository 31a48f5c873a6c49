import { join } from "node:path";
import { UserError } from "../user-error";
import { containerProcess, type PodContext } from "./container-process";
import type { ImagePrograms } from "./image-programs";
import type { PodObjects, PodTemplate, Workload } from "./kubernetes-objects";
import type { PodProcesses } from "./pod-processes";
import type { Replacements } from "./replacements";
import { serviceAddresses } from "./service-addresses";
import { layDown, type LaidVolumes } from "./volumes";

/** What pods are turned into processes with. */
export interface PodSettings {
  /** Folder for all that pods find in their volumes. */
  readonly root: string;
  /** The loopback network of the pods, such as `127.64.3`: each has an address in it. */
  readonly network: string;
  readonly programs: ImagePrograms;
  /** Addresses that are no pod's here, and where they really are. Services lead to the pods by themselves. */
  readonly addresses: Replacements;
  /** Variables that are different here, for containers that have some of the same prefix: `KAFKA_`. @default none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Addresses end at 254, and the first one is nobody's. */
const mostPods = 253;

/**
 * The processes that take the place of the pods of workloads.
 *
 * @param replicas - how many pods a workload gets here. @default as many as it states
 * @throws UserError when something has no counterpart here: an image, a kind of volume, a ConfigMap that is not there
 */
export function planPods(
  objects: PodObjects,
  settings: PodSettings,
  replicas: (workload: Workload) => number = ({ spec }) => spec.replicas,
): readonly PodProcesses[] {
  if (!/^[\w./@+,-]+$/.test(settings.root))
    throw new UserError(
      `found folder ${settings.root}, expected one without spaces and quotes: its path is put into scripts and JSON`,
    );
  const pods = objects.workloads.flatMap((workload) =>
    podNames(workload, replicas(workload)).map((name) => ({ workload, name })),
  );
  if (pods.length > mostPods)
    throw new UserError(
      `found ${pods.length} pods, expected at most ${mostPods}: there is an address for each`,
    );
  const placed = pods.map((pod, index) => ({ ...pod, address: `${settings.network}.${index + 2}` }));
  const addresses = { ...serviceAddresses(objects.services, placed), ...settings.addresses };
  return placed.map(({ workload, name, address }) =>
    planPod(workload, name, address, addresses, objects, settings),
  );
}

/** A StatefulSet's pods have Kubernetes' names; those of others are random there, and numbered here. */
function podNames({ kind, metadata: { name } }: Workload, replicas: number): readonly string[] {
  if (kind === "Job") return [name];
  return Array.from({ length: replicas }, (_, index) => `${name}-${index}`);
}

function planPod(
  { metadata, spec }: Workload,
  name: string,
  address: string,
  addresses: Replacements,
  objects: PodObjects,
  settings: PodSettings,
): PodProcesses {
  const { namespace } = metadata;
  const { template } = spec;
  const folder = join(settings.root, namespace, name);
  const claims = Object.fromEntries(
    spec.volumeClaimTemplates.map(({ metadata: claim }) => [
      claim.name,
      join(settings.root, namespace, "claims", `${claim.name}-${name}`),
    ]),
  );
  const context: PodContext = {
    namespace,
    name,
    address,
    labels: template.metadata.labels,
    objects,
    settings,
    addresses,
  };
  const laid = containersOf(template).map(({ container, kind }) => {
    const volumes = layDown(container, template.spec.volumes, claims, folder, context);
    return { volumes, process: containerProcess(container, kind, volumes.paths, context) };
  });
  return {
    namespace,
    name,
    workload: metadata.name,
    address,
    runs: template.spec.restartPolicy === "Always" ? "always" : "to completion",
    folders: distinctFolders(laid.map(({ volumes }) => volumes)),
    files: laid.flatMap(({ volumes, process }) =>
      volumes.files.map((file) => ({ ...file, content: process.adapt(file.content) })),
    ),
    containers: laid.map(({ process }) => process.container),
  };
}

function containersOf({ spec }: PodTemplate): readonly {
  container: PodTemplate["spec"]["containers"][number];
  kind: "init" | "sidecar" | "main";
}[] {
  return [
    ...spec.initContainers.map((container) => ({
      container,
      kind: container.restartPolicy === "Always" ? ("sidecar" as const) : ("init" as const),
    })),
    ...spec.containers.map((container) => ({ container, kind: "main" as const })),
  ];
}

function distinctFolders(volumes: readonly LaidVolumes[]): PodProcesses["folders"] {
  const byPath = new Map(volumes.flatMap(({ folders }) => folders.map((folder) => [folder.path, folder])));
  return [...byPath.values()];
}
