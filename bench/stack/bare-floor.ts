import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "../../local/environment";
import { run } from "../../local/process/run";
import { fillBroker } from "../../tests/software/broker-contents";
import type { ExportedResource } from "./exported-resources";

const object = z.looseObject({ kind: z.string() });
/** What it takes without an engine, in seconds. */
export interface BareFigures {
  /** `kubectl apply --server-side` of all objects. It does not wait for pods. */
  readonly kubernetes: number;
  /** Until `kubectl wait` has seen all pods ready after that. */
  readonly ready: number;
  /** Topics, users and rights by an administrator's client, many in a request. */
  readonly kafka: number;
}

/** All of it, one after the other. */
export function bareSeconds({ kubernetes, ready, kafka }: BareFigures): number {
  return kubernetes + ready + kafka;
}

/** Makes what a stack has on a cluster and a broker, with nothing between. */
export async function makeBare(
  resources: readonly ExportedResource[],
  { connections, layout, variables: env }: Environment,
): Promise<BareFigures> {
  const kubectl = join(layout.bin, "kubectl");
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => object.parse(inputs));
  const first = (kind: string): boolean => ["Namespace", "CustomResourceDefinition"].includes(kind);
  const apply = async (name: string, items: readonly unknown[]): Promise<void> => {
    const file = join(layout.temporary, `${name}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await run(kubectl, ["apply", "--server-side", "--force-conflicts", "-f", file], {
      env,
    });
  };
  const kubernetes = await secondsOf(async () => {
    await apply(
      "first",
      objects.filter(({ kind }) => first(kind)),
    );
    await apply(
      "others",
      objects.filter(({ kind }) => !first(kind)),
    );
  });
  const ready = await secondsOf(async () => {
    const all = ["--all", "--all-namespaces", "--timeout=600s"];
    await run(kubectl, ["wait", "--for=condition=Available", "deployments", ...all], { env });
    const lasting = "--field-selector=status.phase!=Succeeded";
    await run(kubectl, ["wait", "--for=condition=Ready", "pods", lasting, ...all], { env });
  });
  return { kubernetes, ready, kafka: await secondsOf(() => fillBroker(connections.kafka, resources)) };
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
