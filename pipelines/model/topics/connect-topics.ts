import type { LinkedDeployment } from "../link/link";
import type { LinkedConnector } from "../link/link-connectors";
import type { PathStep, ProblemReport } from "../document/problem";
import { defaultTopicName, topicNameFault } from "../values/names";
import type { ConnectTopics, TopicPlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import { minimumInSync, reasonsOf } from "./topic-configuration";
import type { PlannedTopic } from "./topic-plans";
import { sortedByKey } from "../values/text";
import { lacksSchemaHistory, schemaHistoryOptions, schemaHistoryTopic } from "./schema-history";

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

/**
 * Those topics: compacted, so that only the last word on each thing is kept, and copied as often as all others. And the
 * one in which a source keeps the history of schemas: in one order, and for ever.
 */
export function connectTopics(
  deployment: LinkedDeployment,
  linked: LinkedConnector,
  { kafka }: PlatformFacts,
  report: ProblemReport,
): readonly PlannedTopic[] {
  const names = connectTopicNames(deployment, linked);
  const own = (["configs", "offsets", "status"] as const).map((what): KeptTopic => ({
    name: names[what],
    nameBecause: "automatic",
    partitions: partitions[what],
    port: `connect-${what}`,
    described: what,
    parameters: { "cleanup.policy": "compact" },
    nameAt: linked.at,
  }));
  const history = schemaHistory(deployment, linked, report);
  const copies = kafka.defaultReplicationFactor;
  return [...own, ...history].map((kept) => plannedTopic(deployment, linked, kept, copies));
}

/** A topic in which a connector keeps something. */
interface KeptTopic extends Pick<TopicPlan, "name" | "nameBecause" | "partitions" | "parameters"> {
  readonly port: string;
  readonly described: string;
  readonly nameAt: readonly PathStep[];
}

function schemaHistory(
  deployment: LinkedDeployment,
  linked: LinkedConnector,
  report: ProblemReport,
): readonly KeptTopic[] {
  if (lacksSchemaHistory(linked)) {
    const message = `is missing, expected the name of a topic, since ${linked.connector.connectorClass} keeps the history of schemas in one`;
    report.error(deployment.source, [...linked.at, "options", schemaHistoryOptions.topic], message);
  }
  const topic = schemaHistoryTopic(deployment, linked);
  if (topic === undefined) return [];
  const fault = topicNameFault(topic.name);
  if (fault !== undefined) {
    report.error(deployment.source, topic.at, `found ${JSON.stringify(topic.name)}, with ${fault}`);
  }
  return [
    {
      name: topic.name,
      nameBecause: "stated",
      partitions: 1,
      port: "schema-history",
      described: "history of schemas",
      parameters: { "cleanup.policy": "delete", "retention.bytes": "-1", "retention.ms": "-1" },
      nameAt: topic.at,
    },
  ];
}

function plannedTopic(
  deployment: LinkedDeployment,
  linked: LinkedConnector,
  { name, nameBecause, partitions: count, port, described, parameters, nameAt }: KeptTopic,
  copies: number,
): PlannedTopic {
  const minimum = "min.insync.replicas";
  const all = sortedByKey({ ...parameters, [minimum]: String(minimumInSync(copies)) });
  return {
    plan: {
      name,
      nameBecause,
      partitions: count,
      partitionsBecause: { rule: "connect" },
      parameters: all,
      parametersBecause: reasonsOf(all, (parameter) =>
        parameter === minimum ? { rule: "copies", copies } : { rule: "connect" },
      ),
      producedBy: { component: linked.name, port },
      consumedBy: [],
      purpose: "connect",
    },
    messageDataType: "Embedded",
    writtenBy: `the ${described} of ${linked.reference} of ${deployment.id}`,
    at: linked.at,
    nameAt,
  };
}
