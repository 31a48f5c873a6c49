import type { PartitionDemand, TopicPlan } from "../plan/plan";
import { compareText } from "../values/text";

/** What a component asks of the topics that it reads. */
export type TopicReader = Pick<PartitionDemand, "component" | "replicas">;

/** How many partitions a topic gets by its readers, and how that came about. */
export interface AutomaticPartitions {
  readonly partitions: number;
  /** In the order in which they count. */
  readonly readers: readonly PartitionDemand[];
  /** 1, and what each reader adds. */
  readonly sum: number;
}

/**
 * Number of partitions for the components that read a topic: from 1, each adds the largest of its most replicas
 * and the running total; then half as much again, rounded. Readers count from the smallest, so that the order
 * of pipes makes no difference; the result grows with every reader and every replica.
 *
 * @param readers the most replicas that each reading component can have
 */
export function automaticPartitions(readers: readonly TopicReader[]): AutomaticPartitions {
  const sorted = [...readers].sort(
    (a, b) => a.replicas - b.replicas || compareText(a.component, b.component),
  );
  let sum = 1;
  const demands = sorted.map(({ component, replicas }): PartitionDemand => {
    const adds = Math.max(replicas, sum);
    sum += adds;
    return { component, replicas, adds };
  });
  return { partitions: Math.round(sum * 1.5), readers: demands, sum };
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
        `a new topicName, and name this one in its replaces until its readers are done`;
      return [{ topic: name, from, to: partitions, message }];
    })
    .sort((a, b) => compareText(a.topic, b.topic));
}
