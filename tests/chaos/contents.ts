import { z } from "zod";
import type { EngineEnvironment } from "../engine/engine-environment";
import type { Keepsakes } from "./keepsakes";

/** Kinds whose contents are compared: what people change by hand. */
const kinds =
  "deployments,statefulsets,cronjobs,services,configmaps,secrets,serviceaccounts,networkpolicies," +
  "poddisruptionbudgets,horizontalpodautoscalers";

const fields = z.record(z.string(), z.unknown()).default({});
const object = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: fields,
    ownerReferences: z.array(z.unknown()).default([]),
  }),
  spec: fields,
  data: fields,
});

/** What the cluster chooses anew for each object: a Service that is made again gets other numbers. */
const chosen = ["clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort"];

/** What objects and topics contain, by name: all that a document or a person may have set. */
export async function contentsOf(engine: EngineEnvironment): Promise<Keepsakes> {
  const objects = await engine.objects(object, kinds, "--all-namespaces");
  const described = await engine.tool("kafka-configs", "--describe", "--entity-type", "topics");
  const topics = described.split(/^Dynamic configs for topic /m).slice(1);
  return new Map([
    ...objects
      .filter(({ metadata }) => metadata.ownerReferences.length === 0)
      .map(({ kind, metadata, spec, data }): [string, string] => [
        `${kind} ${metadata.namespace}/${metadata.name}`,
        JSON.stringify([metadata.labels, spec, data], withoutChosen),
      ]),
    ...topics.map((text): [string, string] => {
      const [head = "", ...settings] = text.trim().split("\n");
      return [`settings of topic ${head.replace(" are:", "")}`, settings.sort().join("\n")];
    }),
  ]);
}

function withoutChosen(key: string, value: unknown): unknown {
  return chosen.includes(key) ? undefined : value;
}
