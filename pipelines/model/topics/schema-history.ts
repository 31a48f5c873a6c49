import type { LinkedDeployment } from "../link/link";
import type { LinkedConnector } from "../link/link-connectors";
import type { PathStep } from "../document/problem";
import { fillTopicName } from "../values/names";

/**
 * Options by which Debezium's connectors for databases whose log holds no table definitions keep those in a topic
 * (`io.debezium.storage.kafka.history.KafkaSchemaHistory`). It reads and writes the topic by clients of its own, which
 * know nothing of the workers' login.
 */
export const schemaHistoryOptions = {
  topic: "schema.history.internal.kafka.topic",
  bootstrapServers: "schema.history.internal.kafka.bootstrap.servers",
  group: "schema.history.internal.consumer.group.id",
  clientPrefixes: ["schema.history.internal.consumer.", "schema.history.internal.producer."],
  /** Names another kind of storage. */
  storage: "schema.history.internal",
} as const;

/** Connectors that have none of their own accord, and do not start without. */
const classes =
  /^io\.debezium\.connector\.(?:mysql\.MySql|mariadb\.MariaDb|sqlserver\.SqlServer|oracle\.Oracle|db2\.Db2)Connector$/;

/** The topic in which a connector keeps the history of schemas. */
export interface SchemaHistoryTopic {
  readonly name: string;
  /** Where its deployment's document says so. */
  readonly at: readonly PathStep[];
}

/** The topic that a source's options name, its placeholders filled in; undefined when they name none. */
export function schemaHistoryTopic(
  { data }: LinkedDeployment,
  { connector, spec, at }: LinkedConnector,
): SchemaHistoryTopic | undefined {
  const { topic } = schemaHistoryOptions;
  const stated = spec.options[topic] ?? connector.options[topic];
  if (connector.dataConnectorType === "Sink" || typeof stated !== "string") return undefined;
  const isOwn = spec.options[topic] !== undefined;
  return {
    name: fillTopicName(stated, data.owner, data.name),
    at: isOwn ? [...at, "options", topic] : at,
  };
}

/** Whether a connector needs such a topic, and its options say of none and of no other storage. */
export function lacksSchemaHistory({ connector, spec }: LinkedConnector): boolean {
  const { topic, storage } = schemaHistoryOptions;
  const options = { ...connector.options, ...spec.options };
  return classes.test(connector.connectorClass) && !(topic in options) && !(storage in options);
}
