import { setTimeout as sleep } from "node:timers/promises";
import { fetchV13, FetchIsolationLevels, ResponseError, type ConnectionPool } from "@platformatic/kafka";
import type { Logger } from "../monitoring/logger";
import { readFetched, type FetchedPartition } from "./fetched-message";
import { groupBy } from "./group-by";
import { beginnings } from "./group-offsets";
import type { KafkaCluster } from "./kafka-cluster";
import { errorText, isRefusal, leaderMoved } from "./kafka-errors";

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
/** A broker that waits for messages of some partitions gives none of others: of those that may soon have room again. */
const shortWaitMs = 20;
/** After an error, a partition is left alone for so long, and a broker that does not answer, too. */
const pauseMs = 300;
type FetchResponse = Awaited<ReturnType<(typeof fetchV13)["api"]["async"]>>;
type FetchedFromBroker = FetchResponse["responses"][number]["partitions"][number];

interface FetchRequest {
  /** Of topics, by name. */
  readonly ids: ReadonlyMap<string, string>;
  readonly maxWaitMs: number;
}

/** Reads committed messages of partitions, side by side from all brokers, as far as the partitions have room. */
export class PartitionFetcher {
  private readonly pool: ConnectionPool;
  private readonly busy = new Set<number>();
  private readonly limits: Required<FetchLimits>;
  private wake: () => void = () => undefined;
  private isStopped = false;
  private metadataIsStale = false;
  private readonly pausedUntil = new WeakMap<FetchTarget, number>();
  private refusal: Error | undefined;

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly targets: () => Iterable<FetchTarget>,
    private readonly logger: Logger,
    limits: FetchLimits = {},
  ) {
    this.limits = { maxWaitMs: 500, maxBytes: 4 * 2 ** 20, partitionBytes: 2 ** 20, ...limits };
    this.pool = cluster.pool();
  }

  /**
   * Reads until it is stopped.
   *
   * @throws what Kafka refuses it with for good
   */
  async run(): Promise<void> {
    while (!this.isStopped) {
      const woken = this.nextWake();
      if (this.refusal !== undefined) throw this.refusal;
      try {
        await this.fetchFromAll();
      } catch (error) {
        if (isRefusal(error)) throw error;
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
    const all = [...this.targets()];
    const wanting = all.filter((target) => target.wants() && !this.isPaused(target));
    if (wanting.length === 0) return;
    const maxWaitMs = wanting.length < all.length ? shortWaitMs : this.limits.maxWaitMs;
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
      void this.fetch(leader, targets, { ids, maxWaitMs }).finally(() => {
        this.busy.delete(leader);
        this.wake();
      });
    }
  }

  private async fetch(leader: number, targets: readonly FetchTarget[], asked: FetchRequest): Promise<void> {
    const positions = new Map(targets.map((target) => [target, target.position]));
    try {
      const response = await this.request(leader, targets, asked);
      // Meanwhile it may have been set back.
      const asAsked = targets.filter((target) => target.position === positions.get(target));
      const outOfRange = asAsked.filter(
        (target) => this.deliver(target, fetchedOf(target, response, asked.ids)) === offsetOutOfRange,
      );
      await this.toBeginnings(outOfRange);
    } catch (error) {
      if (this.isStopped) return;
      this.metadataIsStale = true;
      this.logger.warn({ reason: errorText(error), broker: leader }, "nothing fetched");
      await sleep(pauseMs);
    }
  }

  private async request(
    leader: number,
    targets: readonly FetchTarget[],
    { ids, maxWaitMs }: FetchRequest,
  ): Promise<FetchResponse> {
    const { maxBytes, partitionBytes } = this.limits;
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
      if (error instanceof Error && isRefusal(error)) this.refusal = error;
      if (response === undefined) throw error;
      if (leaderMoved.some((id) => error instanceof ResponseError && error.findBy("apiId", id) !== null))
        this.metadataIsStale = true;
      return response;
    }
  }

  /** @returns the code of the error that came instead of messages; 0: none */
  private deliver(target: FetchTarget, found: FetchedFromBroker | undefined): number {
    if (found === undefined) return 0;
    const { errorCode, records, abortedTransactions } = found;
    if (errorCode === 0 && records !== undefined)
      target.accept(readFetched(target, target.position, records, abortedTransactions));
    if (errorCode !== 0 && errorCode !== offsetOutOfRange) {
      const { topic, partition } = target;
      this.pausedUntil.set(target, Date.now() + pauseMs);
      this.logger.warn({ topic, partition, code: errorCode }, "nothing fetched from a partition");
    }
    return errorCode;
  }

  /** Where partitions begin, brokers do not say when they have not got the offset that they are asked for. */
  private async toBeginnings(targets: readonly FetchTarget[]): Promise<void> {
    for (const { topic, partition, offset } of await beginnings(this.cluster, targets))
      targets.find((target) => target.topic === topic && target.partition === partition)?.outOfRange(offset);
  }

  private isPaused(target: FetchTarget): boolean {
    return Date.now() < (this.pausedUntil.get(target) ?? 0);
  }
}

function fetchedOf(
  { topic, partition }: FetchTarget,
  { responses }: FetchResponse,
  ids: ReadonlyMap<string, string>,
): FetchedFromBroker | undefined {
  const id = ids.get(topic);
  return responses
    .find(({ topicId }) => topicId === id)
    ?.partitions.find(({ partitionIndex }) => partitionIndex === partition);
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
