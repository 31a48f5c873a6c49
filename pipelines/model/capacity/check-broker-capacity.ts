import type { ProblemReport } from "../document/problem";
import type { PlatformFacts } from "../platform-facts";
import { amountOf, bytesText, countText, unit, type Amount } from "../values/amount";
import type { TopicCapacity } from "./capacity";
import { advisedPartitions } from "./capacity-limits";
import type { CountedDeployment } from "./check-capacity";
import { byAmount, inWords, type Contributor } from "./contributors";
import { brokerUse, sumOfKafka } from "./sums";

/** Reports more partitions, or more bytes, than a broker may hold. */
export function checkBrokerCapacity(
  counted: readonly CountedDeployment[],
  facts: PlatformFacts,
  report: ProblemReport,
): void {
  const { brokerCount, brokerStorageSize } = facts.kafka;
  const limits = facts.capacity?.eachBroker ?? {};
  const each = brokerUse(sumOfKafka(counted.map(({ capacity }) => capacity.kafka)), brokerCount);
  const brokers = brokerCount === 1 ? "the one broker" : `each of ${brokerCount} brokers`;
  const most = limits.partitions ?? advisedPartitions;
  if (each.copies > most) {
    const { at, words } = largestTopics(counted, ({ copies }) => BigInt(copies) * unit, countText);
    const found = `${brokers} holds ${each.copies} partitions, copies included`;
    const cure = "give topics fewer partitions or copies, or Kafka more brokers";
    if (limits.partitions === undefined) {
      const advice = `expected at most ${most}, which is generally recommended, since elections and restarts take ever longer`;
      const message = `${found}, ${advice}: ${words}; ${cure}, or set algorun:capacity.eachBroker.partitions to what these brokers bear`;
      at?.(report, "warning", message);
    } else {
      const message = `${found}, expected at most ${most}, the limit in algorun:capacity.eachBroker.partitions: ${words}; ${cure}, or raise the limit`;
      at?.(report, "error", message);
    }
  }
  const storage = limits.storage ?? brokerStorageSize;
  if (storage !== undefined && each.bytes > amountOf(storage)) {
    const limit =
      limits.storage === undefined
        ? "the size of its volume (algorun:kafka.brokerStorageSize)"
        : "the limit in algorun:capacity.eachBroker.storage";
    const { at, words } = largestTopics(counted, ({ storage: { bytes } }) => bytes ?? 0n, bytesText);
    const message = `${brokers} holds up to ${bytesText(each.bytes)} of messages, as far as their load is stated, expected at most ${bytesText(amountOf(storage))}, ${limit}: ${words}; shorten retention.ms, set retention.bytes, or give Kafka more brokers or larger volumes`;
    at?.(report, "error", message);
  }
}

type ReportAt = (report: ProblemReport, severity: "error" | "warning", message: string) => void;

/** The topics that take the most, and how to report at the largest of them. */
function largestTopics(
  counted: readonly CountedDeployment[],
  amount: (topic: TopicCapacity) => Amount,
  text: (amount: Amount) => string,
): { readonly at: ReportAt | undefined; readonly words: string } {
  const topics = counted.flatMap(({ planned, capacity }) => {
    const { source } = planned.linked;
    return capacity.topics.map((topic) => {
      const at = planned.topics.find(({ plan }) => plan.name === topic.topic)?.at ?? [];
      const contributor: Contributor = {
        name: topic.topic,
        amount: amount(topic),
        place: `${source.file}:${source.lineOf(at)}`,
      };
      return { ...contributor, source, at };
    });
  });
  const [largest] = byAmount(topics);
  const at: ReportAt | undefined =
    largest &&
    ((report, severity, message) => {
      report[severity](largest.source, largest.at, message);
    });
  return { at, words: inWords(topics, text) };
}
