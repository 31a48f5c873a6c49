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
