import { setTimeout as sleep } from "node:timers/promises";
import { ListOffsetTimestamps, listOffsetsV7, offsetCommitV8, offsetFetchV8 } from "@platformatic/kafka";
import { groupBy } from "./group-by";
import type { Membership } from "./group-member";
import type { KafkaCluster } from "./kafka-cluster";
import { coordinatorMoved, hasKafkaError } from "./kafka-errors";

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** How far a group has read a partition: the offset of the first message that it has not. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: bigint;
}

/** Partitions in the shape that requests have them in. */
export function byTopic<Item extends TopicPartition, Result>(
  items: readonly Item[],
  of: (item: Item) => Result,
): { name: string; partitions: Result[] }[] {
  return [...groupBy(items, ({ topic }) => topic)].map(([name, each]) => ({
    name,
    partitions: each.map(of),
  }));
}

/**
 * How far a group has read. Kafka answers only when no transaction is open that holds another position: else what a
 * predecessor is about to commit would be done twice.
 *
 * @returns for partitions without a position, their beginning
 */
export async function committedOffsets(
  cluster: KafkaCluster,
  groupId: string,
  partitions: readonly TopicPartition[],
  signal: AbortSignal,
): Promise<readonly PartitionOffset[]> {
  if (partitions.length === 0) return [];
  const topics = byTopic(partitions, ({ partition }) => partition).map(
    ({ name, partitions: partitionIndexes }) => ({
      name,
      partitionIndexes,
    }),
  );
  for (;;) {
    signal.throwIfAborted();
    try {
      const connection = await cluster.coordinator("group", groupId);
      const { groups } = await offsetFetchV8.api.async(
        connection,
        [{ groupId, memberEpoch: -1, topics }],
        true,
      );
      const found = groups.flatMap((group) =>
        group.topics.flatMap(({ name, partitions: each }) =>
          each.map(({ partitionIndex, committedOffset }) => ({
            topic: name,
            partition: partitionIndex,
            offset: committedOffset,
          })),
        ),
      );
      const fresh = await beginnings(
        cluster,
        found.filter(({ offset }) => offset < 0n),
      );
      return [...found.filter(({ offset }) => offset >= 0n), ...fresh];
    } catch (error) {
      if (!hasKafkaError(error, "UNSTABLE_OFFSET_COMMIT", ...coordinatorMoved)) throw error;
      if (hasKafkaError(error, ...coordinatorMoved)) cluster.forgetCoordinator("group", groupId);
      await sleep(100, undefined, { signal });
    }
  }
}

/** Where partitions begin: what was before is deleted. */
export async function beginnings(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
): Promise<readonly PartitionOffset[]> {
  return await listedOffsets(cluster, partitions, ListOffsetTimestamps.EARLIEST);
}

/** Where the next messages of partitions will be. */
export async function ends(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
): Promise<readonly PartitionOffset[]> {
  return await listedOffsets(cluster, partitions, ListOffsetTimestamps.LATEST);
}

async function listedOffsets(
  cluster: KafkaCluster,
  partitions: readonly TopicPartition[],
  timestamp: bigint,
): Promise<readonly PartitionOffset[]> {
  if (partitions.length === 0) return [];
  const metadata = await cluster.metadata([...new Set(partitions.map(({ topic }) => topic))]);
  const byLeader = groupBy(
    partitions,
    ({ topic, partition }) => metadata.topics.get(topic)?.partitions[partition]?.leader ?? -1,
  );
  const found = await Promise.all(
    [...byLeader].map(async ([leader, each]) => {
      const connection = await cluster.connection(leader);
      const topics = byTopic(each, ({ partition }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: -1,
        timestamp,
      }));
      return (await listOffsetsV7.api.async(connection, -1, 0, topics)).topics;
    }),
  );
  return found
    .flat()
    .flatMap(({ name, partitions: each }) =>
      each.map(({ partitionIndex, offset }) => ({ topic: name, partition: partitionIndex, offset })),
    );
}

/** Commits positions, for work whose results are not in Kafka; a member that the group has given up is refused. */
export async function commitOffsets(
  cluster: KafkaCluster,
  { groupId, generation, memberId, instanceId }: Membership,
  offsets: readonly PartitionOffset[],
): Promise<void> {
  try {
    const connection = await cluster.coordinator("group", groupId);
    await offsetCommitV8.api.async(
      connection,
      groupId,
      generation,
      memberId,
      instanceId,
      offsetTopics(offsets),
    );
  } catch (error) {
    cluster.forgetCoordinator("group", groupId);
    throw error;
  }
}

/** Positions in the shape that requests have them in. */
export function offsetTopics(offsets: readonly PartitionOffset[]): {
  name: string;
  partitions: {
    partitionIndex: number;
    committedOffset: bigint;
    committedLeaderEpoch: number;
    committedMetadata: null;
  }[];
}[] {
  return byTopic(offsets, ({ partition, offset }) => ({
    partitionIndex: partition,
    committedOffset: offset,
    committedLeaderEpoch: -1,
    committedMetadata: null,
  }));
}
