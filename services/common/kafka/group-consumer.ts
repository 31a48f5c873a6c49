import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../monitoring/logger";
import { GroupMember, type Membership } from "./group-member";
import { committedOffsets } from "./group-offsets";
import type { KafkaCluster } from "./kafka-cluster";
import { CommitLoop } from "./commit-loop";
import { errorText, isRefusal } from "./kafka-errors";
import type { Assignment } from "./partition-assignment";
import type { GroupConsumerOptions, MessageHandler } from "./message-handler";
import { PartitionFetcher } from "./partition-fetcher";
import { partitionName, PartitionWork, type WorkItem } from "./partition-work";

/**
 * Reads topics as a member of a group: partitions side by side, each in its order; what is done of all of them is
 * committed together, as often as commits can follow each other. What fails leaves everything as it was.
 */
export class GroupConsumer {
  private readonly member: GroupMember;
  private readonly fetcher: PartitionFetcher;
  private readonly commits: CommitLoop;
  private readonly draining = new AbortController();
  private readonly partitions = new Map<string, PartitionWork>();
  private readonly active = new Set<Promise<void>>();
  private membership: Membership | undefined;
  private isRebalancing = true;
  private refuse: (error: unknown) => void = () => undefined;

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly options: GroupConsumerOptions,
    private readonly handler: MessageHandler,
    private readonly logger: Logger,
  ) {
    this.fetcher = new PartitionFetcher(cluster, () => this.readable(), logger);
    this.commits = new CommitLoop(
      {
        partitions: this.partitions,
        membership: () => this.membership,
        isRebalancing: () => this.isRebalancing,
        positions: ({ groupId }, signal) =>
          committedOffsets(cluster, groupId, [...this.partitions.values()], signal),
        forget: (partition, offset) => {
          this.forget(partition, offset);
        },
      },
      handler,
      logger,
      options.batch,
    );
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
    const loops = Promise.all([this.member.run(), this.fetcher.run(), this.commits.run()]);
    await Promise.race([loops, refused]);
  }

  /** Begins nothing new, ends and commits what was begun, and leaves the group. */
  async close(): Promise<void> {
    this.draining.abort();
    for (const partition of this.partitions.values()) partition.drain();
    this.fetcher.stop();
    while (this.active.size > 0) await Promise.allSettled([...this.active]);
    await this.commits.end();
    await this.member.leave();
  }

  private *readable(): Iterable<PartitionWork> {
    if (!this.draining.signal.aborted) yield* this.partitions.values();
    for (const partition of this.partitions.values()) this.startWork(partition);
  }

  private assigned(assignment: Assignment, membership: Membership, isContinuous: boolean): void {
    const mine = new Set(
      [...assignment].flatMap(([topic, each]) => each.map((partition) => partitionName(topic, partition))),
    );
    for (const [name, partition] of this.partitions) {
      if (isContinuous && mine.has(name)) continue;
      partition.lose();
      this.partitions.delete(name);
    }
    this.membership = membership;
    this.isRebalancing = false;
    const added = [...assignment].flatMap(([topic, each]) =>
      each
        .filter((partition) => !this.partitions.has(partitionName(topic, partition)))
        .map((partition) => ({ topic, partition })),
    );
    this.open(added, membership).catch((error: unknown) => {
      this.refuse(error);
    });
    this.commits.wake();
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
          };
          this.partitions.set(
            partitionName(topic, partition),
            new PartitionWork(topic, partition, offset, this.options.limits, onGap),
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
    for (const partition of this.partitions.values()) partition.lose();
    this.partitions.clear();
    this.membership = undefined;
    this.isRebalancing = true;
  }

  private startWork(partition: PartitionWork): void {
    if (this.draining.signal.aborted) return;
    const wanted = partition.wants();
    for (let item = partition.begin(); item !== undefined; item = partition.begin()) {
      const work = this.workOn(partition, item).finally(() => this.active.delete(work));
      this.active.add(work);
    }
    if (!wanted && partition.wants()) this.fetcher.poke();
  }

  private async workOn(partition: PartitionWork, item: WorkItem): Promise<void> {
    for (;;) {
      try {
        partition.end(item, await this.handler.work(item.message, partition.context));
        break;
      } catch (error) {
        if (partition.context.giveUp.aborted) {
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
    this.commits.wake();
    this.startWork(partition);
  }

  private forget(partition: PartitionWork, offset: bigint): void {
    const wanted = partition.wants();
    partition.committed(offset);
    this.startWork(partition);
    if (!wanted && partition.wants()) this.fetcher.poke();
  }
}
