import { createLogger, KafkaCluster, type FetchedMessage } from "@algorun/common";
import { PartitionFetcher, type FetchTarget } from "../../services/common/kafka/partition-fetcher";
import type { KafkaLogin } from "../../tests/software/kafka-client";
import { latencyOf, type Latency } from "../report/quantiles";
import { numberOf } from "./message-text";
import { partitions } from "./pipeline-under-load";

/**
 * Reads two topics as a third party, and takes the time from the moment that a message can be read in the one until it can
 * be read in the other: what a hop adds, with the algo's answer and the commit. Both are read alike, so that the time that
 * reading itself takes cancels out.
 */
export class HopMeter {
  private readonly cluster: KafkaCluster;
  private readonly fetchers: PartitionFetcher[] = [];
  private readonly seen = new Map<number, number>();
  private milliseconds: number[] = [];
  private isMeasuring = false;

  constructor({ brokers, username = "", password = "" }: KafkaLogin) {
    this.cluster = new KafkaCluster({
      clientId: "bench",
      bootstrapBrokers: [...brokers],
      connectTimeout: 5_000,
      requestTimeout: 20_000,
      sasl: { mechanism: "SCRAM-SHA-512", username, password },
    });
  }

  /** Begins to read. What was in the topics before counts for nothing. */
  async start(from: string, to: string): Promise<void> {
    await this.cluster.metadata([from, to], true);
    this.read(from, (number) => this.seen.set(number, performance.now()));
    this.read(to, (number) => {
      const since = this.seen.get(number);
      this.seen.delete(number);
      if (since !== undefined && this.isMeasuring) this.milliseconds.push(performance.now() - since);
    });
  }

  /** From now on it counts. */
  begin(): void {
    this.milliseconds = [];
    this.seen.clear();
    this.isMeasuring = true;
  }

  /** What counted. */
  end(): Latency {
    this.isMeasuring = false;
    return latencyOf(this.milliseconds);
  }

  async close(): Promise<void> {
    for (const fetcher of this.fetchers) fetcher.stop();
    await this.cluster.close();
  }

  private read(topic: string, on: (number: number) => void): void {
    const targets = Array.from({ length: partitions }, (_, partition) => targetOf(topic, partition, on));
    const logger = createLogger({ deployment: "", pipeline: "", component: "bench", instance: "" });
    logger.level = "silent";
    const fetcher = new PartitionFetcher(this.cluster, () => targets, logger);
    this.fetchers.push(fetcher);
    void fetcher.run();
  }
}

function targetOf(topic: string, partition: number, on: (number: number) => void): FetchTarget {
  let position = 0n;
  return {
    topic,
    partition,
    get position() {
      return position;
    },
    wants: () => true,
    accept: ({ messages, next }) => {
      position = next;
      for (const { value } of messages satisfies readonly FetchedMessage[]) if (value) on(numberOf(value));
    },
    outOfRange: (start) => {
      position = start;
    },
  };
}
