import { defaultBrokerStorage } from "./kafka-cluster-args";
import { replicationFor } from "./replication";

/**
 * What is known of Kafka before anything is made.
 *
 * @param settings - of the stack
 */
export function kafkaFacts(settings: {
  readonly mode: "cluster" | "msk" | "external";
  readonly brokers: number;
  readonly bootstrapServers?: readonly string[];
  readonly brokerStorageSize?: string | undefined;
}): {
  readonly brokerCount: number;
  readonly defaultReplicationFactor: number;
  readonly bootstrapServers?: string;
  readonly brokerStorageSize?: string;
} {
  return {
    brokerCount: settings.brokers,
    defaultReplicationFactor: replicationFor(settings.brokers).factor,
    ...(settings.mode === "cluster" && {
      brokerStorageSize: settings.brokerStorageSize ?? defaultBrokerStorage,
    }),
    ...(settings.bootstrapServers && { bootstrapServers: settings.bootstrapServers.join(",") }),
  };
}
