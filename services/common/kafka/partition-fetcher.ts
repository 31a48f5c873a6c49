import { fetchV13, FetchIsolationLevels, ResponseError, type ConnectionPool } from "@platformatic/kafka";
import { groupBy } from "./group-by";
import type { Logger } from "../monitoring/logger";
import { readFetched, type FetchedPartition } from "./fetched-message";
import type { KafkaCluster } from "./kafka-cluster";
import { errorText, leaderMoved } from "./kafka-errors";

/** A partition that is read. */
export interface FetchTarget {
  readonly topic: string;
  readonly partition: number;
  /** Offset to go on from. */
  readonly position: bigint;
  /** Whether there is room for more. */
  wants(): boolean;
  accept(fetched: FetchedPartition): void;
  /** Kafka has not got that offset: what was there has been deleted, and the partition begins here. */
  outOfRange(start: bigint): void;
}

/** How much is fetched at once. */
export interface FetchLimits {
  /** How long a broker waits for messages. @default 500 ms */
  readonly maxWaitMs?: number;
  /** @default 4 MiB */
  readonly maxBytes?: number;
  /** @default 1 MiB */
  readonly partitionBytes?: number;
}

const offsetOutOfRange = 1;
type FetchResponse = Awaited<ReturnType<(typeof fetchV13)["api"]["async"]>>;

/** Reads committed messages of partitions, side by side from all brokers, as far as the partitions have room. */
export class PartitionFetcher {
  private readonly pool: ConnectionPool;
  private readonly busy = new Set<number>();
  private readonly limits: Required<FetchLimits>;
  private wake: () => void = () => undefined;
  private isStopped = false;
  private metadataIsStale = false;

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly targets: () => Iterable<FetchTarget>,
    private readonly logger: Logger,
    limits: FetchLimits = {},
  ) {
    this.limits = { maxWaitMs: 500, maxBytes: 4 * 2 ** 20, partitionBytes: 2 ** 20, ...limits };
    this.pool = cluster.pool();
  }

  /** Reads until it is stopped. */
  async run(): Promise<void> {
    while (!this.isStopped) {
      const woken = this.nextWake();
      try {
        await this.fetchFromAll();
      } catch (error) {
        this.metadataIsStale = true;
        this.logger.warn({ reason: errorText(error) }, "does not know where partitions are");
      }
      await woken;
    }
  }

  /** A partition has room, or is new. */
  poke(): void {
    this.wake();
  }

  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  /** Resolves when there may be something to do: told so, or after a while. */
  private nextWake(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 250);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async fetchFromAll(): Promise<void> {
    const wanting = [...this.targets()].filter((target) => target.wants());
    if (wanting.length === 0) return;
    const topics = [...new Set(wanting.map(({ topic }) => topic))];
    const metadata = await this.cluster.metadata(topics, this.metadataIsStale);
    this.metadataIsStale = false;
    const byLeader = groupBy(
      wanting,
      ({ topic, partition }) => metadata.topics.get(topic)?.partitions[partition]?.leader ?? -1,
    );
    for (const [leader, targets] of byLeader) {
      if (leader < 0) this.metadataIsStale = true;
      if (leader < 0 || this.busy.has(leader)) continue;
      const ids = new Map(topics.map((topic) => [topic, metadata.topics.get(topic)?.id ?? ""]));
      this.busy.add(leader);
      void this.fetch(leader, targets, ids).finally(() => {
        this.busy.delete(leader);
        this.wake();
      });
    }
  }

  private async fetch(
    leader: number,
    targets: readonly FetchTarget[],
    ids: ReadonlyMap<string, string>,
  ): Promise<void> {
    const positions = new Map(targets.map((target) => [target, target.position]));
    try {
      const response = await this.request(leader, targets, ids);
      for (const target of targets) {
        const from = positions.get(target);
        // Meanwhile it may have been set back.
        if (from !== undefined && from === target.position) this.deliver(target, from, response, ids);
      }
    } catch (error) {
      if (this.isStopped) return;
      this.metadataIsStale = true;
      this.logger.warn({ reason: errorText(error), broker: leader }, "nothing fetched");
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  private async request(
    leader: number,
    targets: readonly FetchTarget[],
    ids: ReadonlyMap<string, string>,
  ): Promise<FetchResponse> {
    const { maxWaitMs, maxBytes, partitionBytes } = this.limits;
    const connection = await this.cluster.connection(leader, this.pool);
    const topics = [...groupBy(targets, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
      topicId: ids.get(topic) ?? "",
      partitions: ofTopic.map(({ partition, position }) => ({
        partition,
        currentLeaderEpoch: -1,
        fetchOffset: position,
        lastFetchedEpoch: -1,
        partitionMaxBytes: partitionBytes,
      })),
    }));
    const committed = FetchIsolationLevels.READ_COMMITTED;
    try {
      return await fetchV13.api.async(connection, maxWaitMs, 1, maxBytes, committed, 0, -1, topics, [], "");
    } catch (error) {
      // One partition's trouble is none of the others'.
      const response = error instanceof ResponseError ? responseOf(error) : undefined;
      if (response === undefined) throw error;
      if (leaderMoved.some((id) => error instanceof ResponseError && error.findBy("apiId", id) !== null))
        this.metadataIsStale = true;
      return response;
    }
  }

  private deliver(
    target: FetchTarget,
    from: bigint,
    { responses }: FetchResponse,
    ids: ReadonlyMap<string, string>,
  ): void {
    const id = ids.get(target.topic);
    const found = responses
      .find(({ topicId }) => topicId === id)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === target.partition);
    if (found === undefined) return;
    if (found.errorCode === offsetOutOfRange) target.outOfRange(found.logStartOffset);
    if (found.errorCode !== 0 || found.records === undefined) return;
    target.accept(readFetched(target, from, found.records, found.abortedTransactions));
  }
}

function isFetchResponse(response: object): response is FetchResponse {
  return (
    "responses" in response &&
    Array.isArray(response.responses) &&
    "errorCode" in response &&
    response.errorCode === 0
  );
}

function responseOf(error: ResponseError): FetchResponse | undefined {
  const response: unknown = error["response"];
  return typeof response === "object" && response !== null && isFetchResponse(response)
    ? response
    : undefined;
}
