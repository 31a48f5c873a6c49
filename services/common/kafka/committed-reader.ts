import { createLogger } from "../monitoring/logger";
import type { FetchedMessage } from "./fetched-message";
import { beginnings, ends } from "./group-offsets";
import { KafkaCluster } from "./kafka-cluster";
import type { KafkaConnectionOptions } from "./kafka-connection";
import { PartitionFetcher, type FetchTarget } from "./partition-fetcher";

/** Reads along what is committed in topics, in no group: for those who watch, and finish nothing. */
export class CommittedReader {
  private readonly cluster: KafkaCluster;
  private readonly fetchers: PartitionFetcher[] = [];

  /** @param onRefused - is told when Kafka refuses to be read; nothing more comes then */
  constructor(
    connection: KafkaConnectionOptions,
    private readonly onRefused: (error: Error) => void,
  ) {
    this.cluster = new KafkaCluster(connection);
  }

  /**
   * Begins to read topics; returns when it is known from where on.
   *
   * @param from - the topics' beginnings, or their ends as they are now
   * @param accept - is given messages, each batch of one partition
   */
  async read(
    topics: readonly string[],
    from: "beginning" | "end",
    accept: (messages: readonly FetchedMessage[]) => void,
  ): Promise<void> {
    const metadata = await this.cluster.metadata(topics, true);
    const partitions = topics.flatMap((topic) =>
      Array.from({ length: metadata.topics.get(topic)?.partitionsCount ?? 0 }, (_, partition) => ({
        topic,
        partition,
      })),
    );
    const starts = await (from === "beginning" ? beginnings : ends)(this.cluster, partitions);
    const targets = starts.map(({ topic, partition, offset }) => targetOf(topic, partition, offset, accept));
    const logger = createLogger({ deployment: "", pipeline: "", component: "reader", instance: "" });
    logger.level = "silent";
    const fetcher = new PartitionFetcher(this.cluster, () => targets, logger, { maxWaitMs: 250 });
    this.fetchers.push(fetcher);
    fetcher.run().catch((error: unknown) => {
      this.onRefused(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async close(): Promise<void> {
    for (const fetcher of this.fetchers) fetcher.stop();
    await this.cluster.close();
  }
}

function targetOf(
  topic: string,
  partition: number,
  start: bigint,
  accept: (messages: readonly FetchedMessage[]) => void,
): FetchTarget {
  let position = start;
  return {
    topic,
    partition,
    get position() {
      return position;
    },
    wants: () => true,
    accept: ({ messages, next }) => {
      position = next;
      accept(messages);
    },
    outOfRange: (offset) => {
      position = offset;
    },
  };
}
