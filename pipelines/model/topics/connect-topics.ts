import type { LinkedDeployment } from "../link/link";
import type { LinkedConnector } from "../link/link-connectors";
import { defaultTopicName } from "../values/names";
import type { ConnectTopics, TopicPlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import { minimumInSync } from "./topic-configuration";
import type { PlannedTopic } from "./topic-planner";

/**
 * Partitions as Kafka Connect asks for them: the order of configurations must be total, offsets are many, statuses are
 * few (Kafka's documentation, "Running Kafka Connect"; the numbers are Connect's own defaults).
 */
const partitions: Readonly<Record<keyof ConnectTopics, number>> = { configs: 1, offsets: 25, status: 5 };

/** Names of the three topics in which a connector's Kafka Connect cluster keeps its state. */
export function connectTopicNames({ data }: LinkedDeployment, linked: LinkedConnector): ConnectTopics {
  const name = (what: string): string =>
    defaultTopicName(
      data.owner,
      data.name,
      `${linked.connector.name}.${linked.spec.index}`,
      `connect-${what}`,
    );
  return { configs: name("configs"), offsets: name("offsets"), status: name("status") };
}

/** Those topics: compacted, so that only the last word on each thing is kept, and copied as often as all others. */
export function connectTopics(
  deployment: LinkedDeployment,
  linked: LinkedConnector,
  { kafka }: PlatformFacts,
): readonly PlannedTopic[] {
  const names = connectTopicNames(deployment, linked);
  const inSync = String(minimumInSync(kafka.defaultReplicationFactor));
  return (["configs", "offsets", "status"] as const).map((what) => {
    const plan: TopicPlan = {
      name: names[what],
      nameBecause: "automatic",
      partitions: partitions[what],
      partitionsBecause: { rule: "connect" },
      parameters: { "cleanup.policy": "compact", "min.insync.replicas": inSync },
      producedBy: { component: linked.name, port: `connect-${what}` },
      consumedBy: [],
      purpose: "connect",
    };
    return {
      plan,
      messageDataType: "Embedded",
      writtenBy: `the ${what} of ${linked.reference} of ${deployment.id}`,
      at: linked.at,
      nameAt: linked.at,
    };
  });
}
