import { replicationFor } from "./replication";

/**
 * What is known of Kafka before anything is made.
 *
 * @param settings - of the stack
 */
export function kafkaFacts(settings: {
  readonly brokers: number;
  readonly bootstrapServers?: readonly string[];
}): {
  readonly brokerCount: number;
  readonly defaultReplicationFactor: number;
  readonly bootstrapServers?: string;
} {
  return {
    brokerCount: settings.brokers,
    defaultReplicationFactor: replicationFor(settings.brokers).factor,
    ...(settings.bootstrapServers && { bootstrapServers: settings.bootstrapServers.join(",") }),
  };
}
