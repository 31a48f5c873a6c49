import type { TopicPlan } from "./plan";
import { compareText } from "./text";

/**
 * Number of partitions for the components that read a topic: from 1, each adds the largest of its most replicas
 * and the running total; then half as much again, rounded. Readers count from the smallest, so that the order
 * of pipes makes no difference; the result grows with every reader and every replica.
 *
 * @param readers the most replicas that each reading component can have
 */
export function automaticPartitions(readers: readonly number[]): number {
  const total = [...readers].sort((a, b) => a - b).reduce((sum, most) => sum + Math.max(most, sum), 1);
  return Math.round(total * 1.5);
}

/** A topic of which fewer partitions are asked for than it has. */
export interface PartitionDecrease {
  readonly topic: string;
  readonly from: number;
  readonly to: number;
  /** What was found, what was expected, and what to do. */
  readonly message: string;
}

/**
 * Topics whose partitions would decrease, which Kafka can't do. Topics that only one side has do not count.
 *
 * @param existing number of partitions by topic name
 */
export function partitionDecreases(
  existing: Readonly<Record<string, number>>,
  planned: readonly Pick<TopicPlan, "name" | "partitions">[],
): readonly PartitionDecrease[] {
  return planned
    .flatMap(({ name, partitions }) => {
      const from = Object.hasOwn(existing, name) ? existing[name] : undefined;
      if (from === undefined || from <= partitions) return [];
      const message =
        `topic ${name}: found ${partitions} partitions, expected at least the ${from} that it has, since Kafka ` +
        `can't remove any; keep ${from} with autoPartition: false and partitions: ${from}, or give the output ` +
        `a new topicName`;
      return [{ topic: name, from, to: partitions, message }];
    })
    .sort((a, b) => compareText(a.topic, b.topic));
}
