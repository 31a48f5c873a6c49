import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../local/files";
import type { Layout } from "../local/layout";
import { objectKey, podObjects, type PodObjects, type Workload } from "../local/pods/kubernetes-objects";
import { run } from "../local/process/run";
import { UserError } from "../local/user-error";
import { childVariables } from "../local/variables";

const listSchema = z.object({ items: z.array(z.unknown()) });
const kinds = "deployments,statefulsets,jobs,services,configmaps,secrets";

/** Everything in the cluster that pods are made from. */
export async function deployedObjects(layout: Layout): Promise<PodObjects> {
  const args = ["get", kinds, "--all-namespaces", "--output=json", "--request-timeout=20s"];
  const listed = await run(join(layout.bin, "kubectl"), args, { env: childVariables(layout) });
  return podObjects(parseJson(listed, listSchema, "The list of objects").items);
}

const pipelineLabel = "algo.run/pipeline-deployment";
const componentLabel = "app.kubernetes.io/component";

/** A pipeline's workloads, and the platform's that it can't do without. */
export interface PipelineWorkloads {
  readonly namespace: string;
  readonly own: readonly Workload[];
  /** Of object storage and RTMP, in the order in which they start. */
  readonly platform: readonly Workload[];
  /** What can't run here. */
  readonly leftOut: readonly Workload[];
}

/**
 * Finds what runs a pipeline.
 *
 * @param id - `owner.name`
 * @throws UserError when it is not deployed
 */
export function pipelineWorkloads(objects: PodObjects, id: string): PipelineWorkloads {
  const of = (workload: Workload): string | undefined => workload.metadata.labels[pipelineLabel];
  const all = objects.workloads.filter((workload) => of(workload) === id && workload.kind !== "Job");
  const namespace = all[0]?.metadata.namespace;
  if (namespace === undefined) {
    const known = [...new Set(objects.workloads.flatMap((workload) => of(workload) ?? []))].sort();
    const expected =
      known.length === 0
        ? "run `make up` first"
        : `expected ${known.join(" or ")}; to deploy it, put its document into a folder of the stack's documents and run \`make up\``;
    throw new UserError(`PIPELINE: found no deployed pipeline ${JSON.stringify(id)}, ${expected}`);
  }
  const isConnector = (workload: Workload): boolean =>
    workload.metadata.labels[componentLabel] === "dataconnector";
  const own = all.filter((workload) => !isConnector(workload));
  return { namespace, own, leftOut: all.filter(isConnector), platform: neededPlatform(objects, own) };
}

function neededPlatform(objects: PodObjects, own: readonly Workload[]): readonly Workload[] {
  const { workloads } = objects;
  const variables = own.flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env }) => env));
  const bucket = variables.find(({ name }) => name === "STORAGE_BUCKET")?.value;
  const isPart = (component: string) => (workload: Workload) =>
    workload.metadata.labels[componentLabel] === component &&
    workload.metadata.labels[pipelineLabel] === undefined;
  const takesStreams = variables.some(({ name }) => name === "RTMP_ADDRESS");
  const streams = takesStreams ? workloads.filter(isPart("media-ingest")) : [];
  if (bucket === undefined) return streams;
  const makers = workloads.filter((workload) => makesBucket(workload, bucket, objects));
  if (makers.length === 0)
    throw new UserError(
      `The Job that makes the bucket ${bucket} is gone, as Jobs are a day after they are done: \`make clean\`, then \`make up\``,
    );
  return [...workloads.filter(isPart("object-storage")), ...makers, ...streams];
}

function makesBucket({ kind, metadata }: Workload, bucket: string, { configMaps }: PodObjects): boolean {
  const script = configMaps[objectKey(metadata.namespace, `${metadata.name}-bucket`)]?.["bucket.sh"];
  return kind === "Job" && script?.split("\n").some((line) => line.endsWith(` storage/${bucket}`)) === true;
}
