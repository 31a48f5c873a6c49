import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { EngineEnvironment } from "../engine-environment";

const finalizer = "finalizer.keda.sh";

const scaledObject = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    finalizers: z.array(z.string()).default([]),
    deletionTimestamp: z.string().optional(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    scaleTargetRef: z.object({ apiVersion: z.string(), kind: z.string(), name: z.string() }),
    minReplicaCount: z.number(),
    maxReplicaCount: z.number(),
    advanced: z
      .object({ horizontalPodAutoscalerConfig: z.object({ name: z.string().optional() }).optional() })
      .optional(),
  }),
});
type ScaledObject = z.infer<typeof scaledObject>;

const autoscaler = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
  }),
  spec: z.object({ scaleTargetRef: z.object({ kind: z.string(), name: z.string() }) }),
});
type Autoscaler = z.infer<typeof autoscaler>;

/** What stands in for KEDA. */
export interface Keda {
  /** What KEDA's webhook would have said of ScaledObjects. */
  readonly refusals: readonly string[];
  /** Ends it; fails if it could not do its work. */
  stop(): Promise<void>;
}

/** Has the API server know KEDA's kinds. */
export async function installKedaDefinitions(engine: EngineEnvironment): Promise<void> {
  await engine.tool("kubectl", "apply", "--server-side", "-f", join(__dirname, "keda-definitions.yaml"));
  const names = ["scaledobjects", "triggerauthentications"].map((kind) => `crd/${kind}.keda.sh`);
  await engine.tool("kubectl", "wait", "--for=condition=Established", "--timeout=60s", ...names);
}

/**
 * Does with the ScaledObjects of a namespace what KEDA 2.18 does with them, but for the scaling: its finalizer, an
 * autoscaler that each of them owns, and its webhook's opinion of other autoscalers.
 */
export function actAsKeda(engine: EngineEnvironment, namespace: string): Keda {
  const refusals: string[] = [];
  const ending = new AbortController();
  const pass = async (): Promise<void> => {
    for (const each of await engine.objects(scaledObject, "scaledobjects.keda.sh", "-n", namespace))
      refusals.push(...(await reconcile(engine, namespace, each)));
  };
  const working = (async () => {
    let failure: Error | undefined;
    while (!ending.signal.aborted) {
      // As a controller does: what fails is done again. An end here would leave finalizers, for which updates wait for ever.
      failure = await pass().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      await delay(300, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    if (failure !== undefined) throw failure;
  })();
  // Said by stop(), not by whatever test is running.
  working.catch(() => undefined);
  return {
    refusals,
    stop: async () => {
      ending.abort();
      await working;
    },
  };
}

async function reconcile(
  engine: EngineEnvironment,
  namespace: string,
  object: ScaledObject,
): Promise<readonly string[]> {
  const { name, deletionTimestamp, finalizers } = object.metadata;
  const patch = async (kept: readonly string[]): Promise<unknown> => {
    const merged = JSON.stringify({ metadata: { finalizers: kept } });
    return engine.tool(
      "kubectl",
      "patch",
      "scaledobject",
      name,
      "-n",
      namespace,
      "--type=merge",
      "-p",
      merged,
    );
  };
  if (deletionTimestamp !== undefined) {
    if (finalizers.includes(finalizer)) await patch(finalizers.filter((each) => each !== finalizer));
    return [];
  }
  if (finalizers.includes(finalizer)) return [];
  const others = await engine.objects(autoscaler, "horizontalpodautoscalers", "-n", namespace);
  await makeAutoscaler(engine, namespace, object);
  // Last, since it says that all of this is done.
  await patch([...finalizers, finalizer]);
  return others
    .filter((other) => isInTheWay(other, object))
    .map((other) => `${name}: ${other.metadata.name}`);
}

/** Whether KEDA's webhook refuses a ScaledObject because of an autoscaler. */
function isInTheWay(other: Autoscaler, { metadata, spec }: ScaledObject): boolean {
  const target = other.spec.scaleTargetRef;
  if (target.kind !== spec.scaleTargetRef.kind || target.name !== spec.scaleTargetRef.name) return false;
  if (other.metadata.annotations["validations.keda.sh/hpa-ownership"] === "false") return false;
  if (
    other.metadata.ownerReferences.some(({ kind, name }) => kind === "ScaledObject" && name === metadata.name)
  )
    return false;
  const named = spec.advanced?.horizontalPodAutoscalerConfig?.name;
  const takesOver = metadata.annotations["scaledobject.keda.sh/transfer-hpa-ownership"] === "true";
  return !(takesOver && named === other.metadata.name);
}

async function makeAutoscaler(
  engine: EngineEnvironment,
  namespace: string,
  { metadata, spec }: ScaledObject,
): Promise<void> {
  const owner = {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const manifest = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: spec.advanced?.horizontalPodAutoscalerConfig?.name ?? `keda-hpa-${metadata.name}`,
      namespace,
      ownerReferences: [owner],
    },
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicaCount,
      maxReplicas: spec.maxReplicaCount,
      metrics: [
        {
          type: "External",
          external: { metric: { name: "s0-kafka" }, target: { type: "AverageValue", averageValue: "50" } },
        },
      ],
    },
  };
  const file = join(engine.documents, "..", "keda-autoscaler.json");
  writeFileSync(file, JSON.stringify(manifest));
  const force = ["--server-side", "--force-conflicts", "--field-manager=keda"];
  await engine.tool("kubectl", "apply", ...force, "-f", file);
}
