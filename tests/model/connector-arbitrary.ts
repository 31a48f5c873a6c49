import fc from "fast-check";
import type { GeneratedPipeline } from "./pipeline-arbitrary";
import { withRetries } from "./retry-arbitrary";

/** A data connector, as plain numbers and names. */
export interface GeneratedConnector {
  readonly name: string;
  readonly index: number;
  readonly type: "Source" | "Sink";
  readonly tasksMax: number;
  readonly replicas: number;
  /** Whether a source keeps the history of schemas. */
  readonly keepsHistory: boolean;
  readonly restarts: boolean;
}

const connector: fc.Arbitrary<Omit<GeneratedConnector, "name">> = fc.record({
  index: fc.integer({ min: 0, max: 3 }),
  type: fc.constantFrom("Source", "Sink"),
  tasksMax: fc.integer({ min: 1, max: 9 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  keepsHistory: fc.boolean(),
  restarts: fc.boolean(),
});

/** Adds up to three data connectors to pipelines, and to those with room in their topics' names retries. */
export function withConnectorsAndRetries(
  pipelines: fc.Arbitrary<GeneratedPipeline>,
): fc.Arbitrary<GeneratedPipeline> {
  return fc
    .tuple(withRetries(pipelines), fc.array(connector, { maxLength: 3 }))
    .map(([pipeline, connectors]) => ({
      ...pipeline,
      connectors: connectors.map((each, place) => ({ ...each, name: `link-${place}` })),
    }));
}

/** A data connector as pipes name it. */
export function connectorReferenceOf({ name, index }: Pick<GeneratedConnector, "name" | "index">): string {
  return `${name}:1.0[${index}]`;
}

/** Name of the topic in which a source keeps the history of schemas. */
export function historyTopicOf({ name }: GeneratedConnector): string {
  return `{deploymentowner}.${name}.schemas`;
}

/** A data connector as a deployment states it. */
export function connectorEntry(generated: GeneratedConnector): object {
  const { name, index, type, tasksMax, replicas, keepsHistory, restarts } = generated;
  const history = { "schema.history.internal.kafka.topic": historyTopicOf(generated) };
  return {
    version: "1.0",
    index,
    tasksMax,
    replicas,
    autoRestart: { enabled: restarts },
    egress: [],
    options: type === "Source" && keepsHistory ? history : {},
    spec: {
      dataConnectorType: type,
      name,
      connectorClass: "com.acme.Connector",
      versions: [{ versionTag: "1.0", image: { repository: "ghcr.io/acme/connect", tag: "1.0" } }],
    },
  };
}
