import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../monitoring/logger";
import type { Membership } from "./group-member";
import type { PartitionOffset } from "./group-offsets";
import { errorText, hasKafkaError, isRefusal } from "./kafka-errors";
import type { BatchLimits, MessageHandler } from "./message-handler";
import { BatchRoom, partitionName, type FinishedWork, type PartitionWork } from "./partition-work";

/** Whose work is committed. */
export interface CommitSource {
  /** By {@link partitionName}. */
  readonly partitions: ReadonlyMap<string, PartitionWork>;
  /** Undefined: nothing can be committed. */
  membership(): Membership | undefined;
  isRebalancing(): boolean;
  /** What the group has committed of the partitions. */
  positions(membership: Membership, signal: AbortSignal): Promise<readonly PartitionOffset[]>;
  /** What is before the offset is committed. */
  forget(partition: PartitionWork, offset: bigint): void;
}

interface Batch {
  readonly partition: PartitionWork;
  readonly finished: FinishedWork;
}

/** What Kafka does not take whenever it is sent. */
const refusedBatch = [
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "CORRUPT_MESSAGE",
  "INVALID_TIMESTAMP",
];
/** A partition of whose message Kafka takes nothing at all is left alone for so long: somebody must change its topic. */
const refusedHoldMs = 60_000;

/** Longest pause between two commits that one which took long can bring about, in milliseconds. */
const longestPauseMs = 100;

/**
 * Commits what is done, of all partitions together. A commit is followed by a pause as long as itself: what is done
 * meanwhile goes with the next one. So a message that comes alone is committed at once, and when many come, or brokers are
 * slow, commits grow instead of taking all the time that brokers and this process have.
 */
export class CommitLoop {
  private readonly limits: Required<BatchLimits>;
  private size: number;
  private turn = 0;
  private isEnding = false;
  private wakeUp: () => void = () => undefined;

  constructor(
    private readonly source: CommitSource,
    private readonly handler: MessageHandler,
    private readonly logger: Logger,
    limits: BatchLimits = {},
  ) {
    this.limits = { messages: 500, bytes: 8 * 2 ** 20, pauseMs: 0, ...limits };
    this.size = this.limits.messages;
  }

  /** Something is done. */
  wake(): void {
    this.wakeUp();
  }

  /** Returns when all that is done is committed, or can't be. */
  async end(): Promise<void> {
    this.isEnding = true;
    this.wakeUp();
    while (this.finished(1).length > 0 && this.source.membership() !== undefined) await sleep(20);
  }

  /**
   * Commits until {@link end}.
   *
   * @throws what Kafka refuses for good
   */
  async run(): Promise<void> {
    for (;;) {
      const woken = this.woken();
      const isLast = this.isEnding;
      const { membership } = this;
      const batch = membership === undefined || this.source.isRebalancing() ? [] : this.finished(this.size);
      if (membership !== undefined && batch.length > 0) {
        const began = performance.now();
        await this.commit(batch, membership);
        if (!this.isEnding) await sleep(this.pauseAfter(performance.now() - began));
        continue;
      }
      if (isLast && (membership === undefined || this.finished(1).length === 0)) return;
      await woken;
    }
  }

  private pauseAfter(ms: number): number {
    return Math.max(Math.min(ms, longestPauseMs), this.limits.pauseMs);
  }

  private get membership(): Membership | undefined {
    return this.source.membership();
  }

  /** Resolves when there may be something to do: told so, or after a while. */
  private woken(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What is done, of one partition after the other as far as there is room; each is the first one in turn. */
  private finished(messages: number): readonly Batch[] {
    const room = new BatchRoom(messages, this.limits.bytes);
    const all = [...this.source.partitions.values()];
    const first = this.turn % Math.max(all.length, 1);
    return [...all.slice(first), ...all.slice(0, first)].flatMap((partition) => {
      const finished = partition.finished(room);
      return finished === undefined ? [] : [{ partition, finished }];
    });
  }

  private async commit(batch: readonly Batch[], membership: Membership): Promise<void> {
    const items = batch.flatMap(({ finished }) => finished.items);
    const messages = items.flatMap(({ written = [] }) => written);
    const offsets = batch.map(({ finished }) => finished.offset);
    try {
      await this.handler.commit({ messages, offsets, membership });
    } catch (error) {
      if (isRefusal(error)) throw error;
      const reason = errorText(error);
      this.logger.warn({ reason, messages: items.length }, "nothing committed; it is done again");
      await this.settled(membership);
      await this.afterFailure(error, batch);
      return;
    }
    for (const { partition, finished } of batch) this.source.forget(partition, finished.offset.offset);
    this.size = Math.min(this.size * 2, this.limits.messages);
    this.turn += 1;
  }

  /** A message that Kafka refuses is found by committing each alone, and something else stands in for it. */
  private async afterFailure(error: unknown, batch: readonly Batch[]): Promise<void> {
    if (!hasKafkaError(error, ...refusedBatch)) {
      this.size = Math.max(Math.floor(this.size / 2), 1);
      await sleep(50);
      return;
    }
    this.size = 1;
    const [found, ...others] = batch.flatMap(({ partition, finished }) =>
      finished.items.map((item) => ({ partition, item })),
    );
    if (found === undefined || others.length > 0) return;
    const { partition, item } = found;
    const smaller = this.handler.refused(item.message, item.written ?? [], error);
    if (smaller !== undefined) {
      partition.write(item, smaller);
      return;
    }
    partition.hold(refusedHoldMs);
    const { topic, offset } = item.message;
    this.logger.error(
      { topic, partition: partition.partition, offset: String(offset), reason: errorText(error) },
      "Kafka takes nothing that could stand in for a message: its partition waits until the topic of the dead letters takes it",
    );
  }

  /** Finds out what the failed commit has left behind. Without an answer, nothing goes on. */
  private async settled(membership: Membership): Promise<void> {
    const { partitions } = this.source;
    for (;;) {
      try {
        const signal = AbortSignal.timeout(30_000);
        await this.handler.settle(signal);
        const offsets = await this.source.positions(membership, signal);
        for (const { topic, partition, offset } of offsets) {
          const work = partitions.get(partitionName(topic, partition));
          if (work !== undefined) this.source.forget(work, offset);
        }
        return;
      } catch (error) {
        if (isRefusal(error)) throw error;
        this.logger.warn({ reason: errorText(error) }, "does not know yet what is committed");
        await sleep(500);
      }
    }
  }
}
