import { bytesOf, type FetchedMessage, type FetchedPartition } from "./fetched-message";
import type { PartitionOffset } from "./group-offsets";
import type { FetchTarget } from "./partition-fetcher";

/** How much of one partition is held in memory. */
export interface PartitionLimits {
  /** Messages that are worked on at once. */
  readonly concurrency: number;
  /** Messages that are worked on, or done and not committed. */
  readonly maxUncommitted: number;
  /** Bytes of messages that are fetched, and not committed. */
  readonly maxBytes: number;
}

/** A message, and what came of it. */
export interface WorkItem<Result> {
  readonly message: FetchedMessage;
  readonly bytes: number;
  result?: Result;
}

/** What became of the messages of one partition that are done, from the first uncommitted one on. */
export interface FinishedWork<Result> {
  readonly items: readonly WorkItem<Result>[];
  readonly offset: PartitionOffset;
}

/** The messages of one partition on their way from Kafka to the commit, in their order. */
export class PartitionWork<Result> implements FetchTarget {
  /** Aborted when the partition is another's. */
  readonly lost = new AbortController();
  private readonly waiting: WorkItem<Result>[] = [];
  private readonly begun: WorkItem<Result>[] = [];
  private running = 0;
  private bytes = 0;
  private next: bigint;

  constructor(
    readonly topic: string,
    readonly partition: number,
    position: bigint,
    private readonly limits: PartitionLimits,
    private readonly onGap: (from: bigint, to: bigint) => void,
  ) {
    this.next = position;
  }

  get position(): bigint {
    return this.next;
  }

  /** Whether nothing is fetched that is not committed. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.begun.length === 0;
  }

  wants(): boolean {
    return (
      !this.lost.signal.aborted &&
      this.waiting.length < this.limits.maxUncommitted &&
      this.bytes < this.limits.maxBytes
    );
  }

  accept({ messages, next }: FetchedPartition): void {
    if (this.lost.signal.aborted) return;
    for (const message of messages) {
      const bytes = bytesOf(message);
      this.bytes += bytes;
      this.waiting.push({ message, bytes });
    }
    this.next = next;
  }

  outOfRange(start: bigint): void {
    this.onGap(this.next, start);
    this.next = start;
  }

  /** The next message to work on, if one may be begun. */
  begin(): WorkItem<Result> | undefined {
    const { concurrency, maxUncommitted } = this.limits;
    if (this.lost.signal.aborted || this.running >= concurrency || this.begun.length >= maxUncommitted)
      return undefined;
    const item = this.waiting.shift();
    if (item === undefined) return undefined;
    this.begun.push(item);
    this.running += 1;
    return item;
  }

  /** @param result - undefined: given up without a result; the message stays uncommitted */
  end(item: WorkItem<Result>, result: Result | undefined): void {
    this.running -= 1;
    if (result !== undefined) item.result = result;
  }

  /** What can be committed: all that is done before the first that is not, at most so many. */
  finished(most: number): FinishedWork<Result> | undefined {
    const open = this.begun.findIndex(({ result }) => result === undefined);
    const items = this.begun.slice(0, Math.min(open === -1 ? this.begun.length : open, most));
    const last = items.at(-1);
    if (last === undefined) return undefined;
    // Past what readers do not see, too, such as the ends of transactions: else a group that has read all would lag.
    const isAll = items.length === this.begun.length && this.waiting.length === 0;
    const offset = isAll ? this.next : last.message.offset + 1n;
    return { items, offset: { topic: this.topic, partition: this.partition, offset } };
  }

  /** Forgets what is committed. */
  committed(offset: bigint): void {
    while (this.begun[0] !== undefined && this.begun[0].message.offset < offset) {
      this.bytes -= this.begun[0].bytes;
      this.begun.shift();
    }
  }
}
