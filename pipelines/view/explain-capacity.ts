import type { PipelineCapacity, TopicCapacity } from "../model/capacity/capacity";
import { componentCapacity, podResources } from "../model/capacity/component-capacity";
import { pipelineCapacity } from "../model/capacity/pipeline-capacity";
import { quotaText } from "../model/capacity/quota-text";
import { brokerUse } from "../model/capacity/sums";
import { retentionMs } from "../model/capacity/topic-capacity";
import type { ComponentPlan, PipelinePlan, TopicPlan } from "../model/plan/plan";
import type { PlatformFacts } from "../model/platform-facts";
import { bytesText } from "../model/values/amount";
import { formatDuration } from "../model/values/duration";
import { counted } from "./counted";
import { rangeInWords } from "./range-in-words";
import type { Table } from "./table";

/** What a plan takes of a platform: each component, each topic, and all together. */
export function capacityTables(plan: PipelinePlan, facts: PlatformFacts): readonly Table[] {
  const capacity = pipelineCapacity(plan, facts);
  return [podsTable(plan), topicStorageTable(plan, capacity, facts), sumsTable(capacity, facts)];
}

function podsTable({ components }: PipelinePlan): Table {
  return {
    title: "Capacity of components",
    columns: ["component", "pods", "requests of each", "limits of each", "because"],
    rows: components.map((component) => [
      component.name,
      rangeInWords("pods", componentCapacity(component).use["pods"]),
      ofEachPod(component, "requests"),
      ofEachPod(component, "limits"),
      podReasons(component).join("\n"),
    ]),
  };
}

function ofEachPod(component: ComponentPlan, list: "requests" | "limits"): string {
  return Object.entries(podResources(component))
    .filter(([name]) => name.startsWith(`${list}.`))
    .map(([name, amount]) => `${name.slice(list.length + 1)} ${quotaText(name, amount)}`)
    .join("\n");
}

function podReasons(component: ComponentPlan): readonly string[] {
  const { replicas, autoscaling } = component;
  const most = Math.max(replicas, autoscaling?.maxReplicas ?? 0);
  const replaced = `${counted(most, "replica")}, and as many again while an update replaces them`;
  switch (component.kind) {
    case "endpoint": {
      const { size } = component.writeAheadLog;
      const volume = size === undefined ? [] : [`volumes: ${size} for each replica`];
      return [`pods: at most ${counted(most, "replica")}, which an update replaces one by one`, ...volume];
    }
    case "eventHook":
      return [`pods: at most ${replaced}`];
    case "dataConnector":
      return [`pods: at most ${replaced}; and those that register the connector, and end`];
    case "algo":
      return [
        `pods: at most ${replaced}${component.gpu === undefined ? "" : ", which wait for the resources of the old ones"}`,
        ...runnerReasons(component.runner),
      ];
  }
}

function runnerReasons(runner: "sidecar" | "copied" | "none"): readonly string[] {
  switch (runner) {
    case "sidecar":
      return ["resources: the algo's and the runner's beside it"];
    case "copied":
      return ["resources: the algo's, or what copying the runner takes before it, whichever is more"];
    case "none":
      return [];
  }
}

function topicStorageTable(
  { topics }: PipelinePlan,
  capacity: PipelineCapacity,
  facts: PlatformFacts,
): Table {
  return {
    title: "Capacity of topics",
    columns: ["topic", "partitions", "with copies", "bytes at most", "because"],
    rows: topics.flatMap((topic) => {
      const found = capacity.topics.find((each) => each.topic === topic.name);
      if (found === undefined) return [];
      const { bytes } = found.storage;
      return [
        [
          topic.name,
          String(found.partitions),
          String(found.copies),
          bytes === undefined ? "unknown" : bytesText(bytes),
          storageInWords(topic, found.storage, found.copies / found.partitions, facts),
        ],
      ];
    }),
  };
}

function storageInWords(
  topic: TopicPlan,
  { rule }: TopicCapacity["storage"],
  copies: number,
  facts: PlatformFacts,
): string {
  const inCopies = `${counted(copies, "copy", "copies")}${topic.replicationFactor === undefined ? ` (the default of ${counted(facts.kafka.brokerCount, "broker")})` : ""}`;
  switch (rule) {
    case "rate":
      return `${rateInWords(topic)} × ${retentionInWords(topic)} × ${inCopies}`;
    case "retentionBytes":
      return `retention.bytes ${bytesText(BigInt(topic.parameters["retention.bytes"] ?? 0) * 1000n)} × ${counted(topic.partitions, "partition")} × ${inCopies}`;
    case "noRate":
      return "no rate is stated (expectedLoad)";
    case "keptForEver":
      return "retention.ms is -1: messages are kept for ever";
    case "compacted":
      return "compacted: it keeps a message for each key";
  }
}

function rateInWords({ expectedLoad }: TopicPlan): string {
  if (expectedLoad === undefined) return "";
  return `${expectedLoad.messagesPerSecond} messages/s × ${expectedLoad.averageMessageSize}`;
}

function retentionInWords(topic: TopicPlan): string {
  const duration = formatDuration(Number(retentionMs(topic) ?? 0));
  return `${duration} (${topic.parameters["retention.ms"] === undefined ? "Kafka's default retention" : "retention.ms"})`;
}

function sumsTable({ components, use, kafka }: PipelineCapacity, facts: PlatformFacts): Table {
  const each = brokerUse(kafka, facts.kafka.brokerCount);
  const isUnknown = kafka.topics > 0 && kafka.topicsOfUnknownSize === kafka.topics;
  const known = `${kafka.topics - kafka.topicsOfUnknownSize} of ${counted(kafka.topics, "topic")} whose size is known`;
  const ofBroker = `of each of ${counted(each.brokers, "broker")}, rounded up: Kafka spreads partitions evenly`;
  return {
    title: "Capacity",
    columns: ["what", "at least", "at most", "because"],
    rows: [
      ...Object.entries(use).map(([name, { least, most }]) => [
        name,
        quotaText(name, least),
        quotaText(name, most),
        components
          .flatMap(({ component, use: own }) =>
            own[name] === undefined ? [] : [`${component} ${rangeInWords(name, own[name])}`],
          )
          .join(", "),
      ]),
      ["partitions", "", String(kafka.partitions), counted(kafka.topics, "topic")],
      ["partitions with copies", "", String(kafka.copies), counted(kafka.topics, "topic")],
      ["bytes with copies", "", isUnknown ? "unknown" : bytesText(kafka.bytes), known],
      ["partitions led", "", String(each.leaders), ofBroker],
      ["partitions held", "", String(each.copies), ofBroker],
      ["bytes held", "", isUnknown ? "unknown" : bytesText(each.bytes), ofBroker],
    ],
  };
}
