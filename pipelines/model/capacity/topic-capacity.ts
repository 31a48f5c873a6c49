import type { TopicPlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import { amountOf, dividedUp, unit, type Amount } from "../values/amount";
import type { TopicCapacity, TopicStorage } from "./capacity";

/** How long a broker keeps messages of a topic that does not say so: Kafka's own default of log.retention.hours, 168. */
const brokerRetentionMs = 604_800_000;

/** What a topic takes of Kafka. */
export function topicCapacity(topic: TopicPlan, { kafka }: PlatformFacts): TopicCapacity {
  const copies = topic.partitions * (topic.replicationFactor ?? kafka.defaultReplicationFactor);
  return {
    topic: topic.name,
    component: topic.producedBy.component,
    partitions: topic.partitions,
    copies,
    storage: storageOf(topic, BigInt(copies)),
  };
}

/** How long messages of a topic are kept; undefined: for ever. */
export function retentionMs({ parameters }: Pick<TopicPlan, "parameters">): bigint | undefined {
  const stated = BigInt(parameters["retention.ms"] ?? brokerRetentionMs);
  return stated < 0n ? undefined : stated;
}

/**
 * The most bytes of all copies. `retention.bytes` bounds each partition, whatever is written. A compacted topic keeps the
 * last message of each key for as long as it keeps anything, and nobody knows how many keys there are.
 */
function storageOf(topic: TopicPlan, copies: bigint): TopicStorage {
  const deletes = (topic.parameters["cleanup.policy"] ?? "delete").includes("delete");
  if (!deletes) return { rule: "compacted" };
  const bound = BigInt(topic.parameters["retention.bytes"] ?? -1);
  const bySize = bound < 0n ? undefined : bound * unit * copies;
  const byTime = bytesInTime(topic, copies);
  if (bySize !== undefined && (byTime === undefined || bySize <= byTime)) {
    return { bytes: bySize, rule: "retentionBytes" };
  }
  if (byTime !== undefined) return { bytes: byTime, rule: "rate" };
  return { rule: topic.expectedLoad === undefined ? "noRate" : "keptForEver" };
}

/** Load × retention × copies of each partition, or undefined where one of them is unknown. */
function bytesInTime(topic: TopicPlan, copies: bigint): Amount | undefined {
  const { expectedLoad, partitions } = topic;
  const retention = retentionMs(topic);
  if (expectedLoad === undefined || retention === undefined) return undefined;
  // The load is that of all partitions together; both factors are in thousandths, and so is the time in seconds.
  const inTime =
    amountOf(expectedLoad.messagesPerSecond) * amountOf(expectedLoad.averageMessageSize) * retention;
  return dividedUp(inTime, unit * 1000n) * (copies / BigInt(partitions));
}
