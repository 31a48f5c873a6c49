import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../monitoring/logger";
import { GroupMember, type Membership } from "./group-member";
import { committedOffsets } from "./group-offsets";
import type { KafkaCluster } from "./kafka-cluster";
import { errorText, hasKafkaError, isRefusal } from "./kafka-errors";
import type { Assignment } from "./partition-assignment";
import type { GroupConsumerOptions, MessageHandler } from "./message-handler";
import { PartitionFetcher } from "./partition-fetcher";
import { PartitionWork, type WorkItem } from "./partition-work";

const refusedBatch = [
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "CORRUPT_MESSAGE",
  "INVALID_TIMESTAMP",
];

/**
 * Reads topics as a member of a group: partitions side by side, each in its order; what is done of all of them is
 * committed together, as often as commits can follow each other. What fails leaves everything as it was.
 */
export class GroupConsumer<Result> {
  private readonly member: GroupMember;
  private readonly fetcher: PartitionFetcher;
  private readonly ended = new AbortController();
  private readonly draining = new AbortController();
  private readonly partitions = new Map<string, PartitionWork<Result>>();
  private readonly active = new Set<Promise<void>>();
  private membership: Membership | undefined;
  private isRebalancing = true;
  private batchSize: number;
  private wakeCommitter: () => void = () => undefined;
  private refuse: (error: unknown) => void = () => undefined;

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly options: GroupConsumerOptions,
    private readonly handler: MessageHandler<Result>,
    private readonly logger: Logger,
  ) {
    this.batchSize = options.batchSize ?? 500;
    this.fetcher = new PartitionFetcher(cluster, () => this.readable(), logger, options.fetch);
    this.member = new GroupMember(
      cluster,
      options.group,
      {
        rebalancing: () => {
          this.isRebalancing = true;
        },
        assigned: (assignment, membership, isContinuous) => {
          this.assigned(assignment, membership, isContinuous);
        },
        lost: (reason) => {
          this.lost(reason);
        },
      },
      logger,
    );
  }

  /** Whether it has a place in its group. */
  get isMember(): boolean {
    return this.membership !== undefined;
  }

  /**
   * Consumes until {@link close}.
   *
   * @throws what Kafka refuses it with for good
   */
  async run(): Promise<void> {
    const refused = new Promise<never>((_resolve, reject) => {
      this.refuse = reject;
    });
    const loops = Promise.all([this.member.run(), this.fetcher.run(), this.commitAll()]);
    await Promise.race([loops, refused]);
  }

  /** Begins nothing new, ends and commits what was begun, and leaves the group. */
  async close(): Promise<void> {
    this.draining.abort();
    this.fetcher.stop();
    while (this.active.size > 0) await Promise.allSettled([...this.active]);
    this.ended.abort();
    this.wakeCommitter();
    // The committer goes on until all that is done is committed.
    await this.loopsSettled();
    await this.member.leave();
  }

  private async loopsSettled(): Promise<void> {
    while (this.hasFinished() && this.membership !== undefined) await sleep(20);
  }

  private *readable(): Iterable<PartitionWork<Result>> {
    if (!this.draining.signal.aborted) yield* this.partitions.values();
    for (const partition of this.partitions.values()) this.startWork(partition);
  }

  private assigned(assignment: Assignment, membership: Membership, isContinuous: boolean): void {
    const mine = new Set(
      [...assignment].flatMap(([topic, each]) => each.map((partition) => nameOf(topic, partition))),
    );
    for (const [name, partition] of this.partitions) {
      if (isContinuous && mine.has(name)) continue;
      partition.lost.abort();
      this.partitions.delete(name);
    }
    this.membership = membership;
    this.isRebalancing = false;
    const added = [...assignment].flatMap(([topic, each]) =>
      each
        .filter((partition) => !this.partitions.has(nameOf(topic, partition)))
        .map((partition) => ({ topic, partition })),
    );
    this.open(added, membership).catch((error: unknown) => {
      this.refuse(error);
    });
    this.wakeCommitter();
  }

  /** Begins to read partitions where the group has stopped. */
  private async open(
    added: readonly { topic: string; partition: number }[],
    membership: Membership,
  ): Promise<void> {
    while (this.membership === membership && !this.draining.signal.aborted && added.length > 0) {
      try {
        const offsets = await committedOffsets(this.cluster, membership.groupId, added, this.draining.signal);
        if (this.membership !== membership) return;
        for (const { topic, partition, offset } of offsets) {
          const onGap = (from: bigint, to: bigint): void => {
            this.logger.error(
              { topic, partition, from: String(from), to: String(to) },
              "messages were deleted unread",
            );
            this.handler.skipped?.({ topic, partition }, from, to);
          };
          this.partitions.set(
            nameOf(topic, partition),
            new PartitionWork<Result>(topic, partition, offset, this.options.limits, onGap),
          );
        }
        this.fetcher.poke();
        return;
      } catch (error) {
        if (isRefusal(error)) throw error;
        this.logger.warn({ reason: errorText(error) }, "does not know where to go on");
        await sleep(500);
      }
    }
  }

  private lost(reason: string): void {
    this.logger.warn({ reason }, "partitions lost");
    for (const partition of this.partitions.values()) partition.lost.abort();
    this.partitions.clear();
    this.membership = undefined;
    this.isRebalancing = true;
  }

  private startWork(partition: PartitionWork<Result>): void {
    if (this.draining.signal.aborted) return;
    for (let item = partition.begin(); item !== undefined; item = partition.begin()) {
      const work = this.workOn(partition, item).finally(() => this.active.delete(work));
      this.active.add(work);
    }
  }

  private async workOn(partition: PartitionWork<Result>, item: WorkItem<Result>): Promise<void> {
    const context = { lost: partition.lost.signal, draining: this.draining.signal };
    for (;;) {
      try {
        partition.end(item, await this.handler.work(item.message, context));
        break;
      } catch (error) {
        if (partition.lost.signal.aborted || this.draining.signal.aborted) {
          partition.end(item, undefined);
          return;
        }
        const { topic, offset } = item.message;
        this.logger.error(
          { err: error, topic, partition: partition.partition, offset: String(offset) },
          "tried again",
        );
        await sleep(1_000);
      }
    }
    this.wakeCommitter();
    this.startWork(partition);
    if (partition.wants()) this.fetcher.poke();
  }

  private hasFinished(): boolean {
    return [...this.partitions.values()].some((partition) => partition.finished(1) !== undefined);
  }

  private async commitAll(): Promise<void> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.wakeCommitter = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const isLast = this.ended.signal.aborted;
      const hasCommitted = !this.isRebalancing && (await this.commitOnce());
      if (hasCommitted) continue;
      if (isLast && (!this.hasFinished() || this.membership === undefined)) return;
      await woken;
    }
  }

  /** @returns whether there was something to commit */
  private async commitOnce(): Promise<boolean> {
    const { membership } = this;
    if (membership === undefined) return false;
    let room = this.batchSize;
    const work = [...this.partitions.values()].flatMap((partition) => {
      const finished = room > 0 ? partition.finished(room) : undefined;
      room -= finished?.items.length ?? 0;
      return finished === undefined ? [] : [{ partition, finished }];
    });
    if (work.length === 0) return false;
    const items = work.flatMap(({ finished }) => finished.items);
    const results = items.flatMap(({ result }) => (result === undefined ? [] : [result]));
    const offsets = work.map(({ finished }) => finished.offset);
    try {
      await this.handler.commit({ results, offsets, membership });
      for (const { partition, finished } of work) this.forget(partition, finished.offset.offset);
      this.batchSize = Math.min(this.batchSize * 2, this.options.batchSize ?? 500);
    } catch (error) {
      await this.afterFailure(error, items, membership);
    }
    return true;
  }

  private forget(partition: PartitionWork<Result>, offset: bigint): void {
    partition.committed(offset);
    this.startWork(partition);
    if (partition.wants()) this.fetcher.poke();
  }

  /** Finds out what the failed commit has left behind. Without an answer, nothing goes on. */
  private async afterFailure(
    error: unknown,
    items: readonly WorkItem<Result>[],
    membership: Membership,
  ): Promise<void> {
    if (isRefusal(error)) throw error;
    this.logger.warn(
      { reason: errorText(error), messages: items.length },
      "nothing committed; it is done again",
    );
    await this.settled(membership);
    const [only] = items;
    if (!hasKafkaError(error, ...refusedBatch)) {
      await sleep(50);
    } else if (items.length === 1 && only !== undefined) {
      only.result = await this.handler.refused(only.message, error);
    } else {
      this.batchSize = 1;
    }
  }

  private async settled(membership: Membership): Promise<void> {
    for (;;) {
      try {
        const signal = AbortSignal.timeout(30_000);
        await this.handler.settle(signal);
        const mine = [...this.partitions.values()];
        const offsets = await committedOffsets(this.cluster, membership.groupId, mine, signal);
        for (const { topic, partition, offset } of offsets) {
          const work = this.partitions.get(nameOf(topic, partition));
          if (work !== undefined) this.forget(work, offset);
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

function nameOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
