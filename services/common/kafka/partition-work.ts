import { setMaxListeners } from "node:events";
import { bytesOf, type FetchedMessage, type FetchedPartition } from "./fetched-message";
import type { PartitionOffset } from "./group-offsets";
import type { WorkContext } from "./message-handler";
import type { Written } from "./outgoing-message";
import type { FetchTarget } from "./partition-fetcher";

/** How much of one partition is held in memory. */
export interface PartitionLimits {
  /** Messages that are worked on at once. */
  readonly concurrency: number;
  /** Messages that are worked on, or done and not committed. */
  readonly maxUncommitted: number;
  /**
   * Bytes of messages that are fetched and not committed; and as many again of what came of them, above which no further
   * message is begun.
   */
  readonly maxBytes: number;
}

/** A partition that has so many messages waiting is not fetched: working on them takes longer than fetching more. */
const enoughWaiting = 64;

/** How much more a batch takes. */
export class BatchRoom {
  private isEmpty = true;

  constructor(
    private messages: number,
    private bytes: number,
  ) {}

  /** Whether a message fits, of which so many bytes came; the first one always does. */
  take(bytes: number): boolean {
    if (!this.isEmpty && (this.messages < 1 || this.bytes < bytes)) return false;
    this.isEmpty = false;
    this.messages -= 1;
    this.bytes -= bytes;
    return true;
  }
}

/** A message, and what came of it. */
export interface WorkItem {
  readonly message: FetchedMessage;
  readonly bytes: number;
  /** Undefined: it is not done. */
  written?: Written;
  /** Bytes of what came of it. */
  writtenBytes: number;
}

/** What became of the messages of one partition that are done, from the first uncommitted one on. */
export interface FinishedWork {
  readonly items: readonly WorkItem[];
  readonly offset: PartitionOffset;
}

/** The messages of one partition on their way from Kafka to the commit, in their order. */
export class PartitionWork implements FetchTarget {
  private readonly lost = new AbortController();
  private readonly givenUp = new AbortController();
  private readonly waiting: WorkItem[] = [];
  private readonly begun: WorkItem[] = [];
  private running = 0;
  private bytes = 0;
  private heldUntil = 0;
  private next: bigint;

  constructor(
    readonly topic: string,
    readonly partition: number,
    position: bigint,
    private readonly limits: PartitionLimits,
    private readonly onGap: (from: bigint, to: bigint) => void,
  ) {
    this.next = position;
    // Each message that is worked on listens.
    setMaxListeners(0, this.lost.signal, this.givenUp.signal);
  }

  /** The signals for its messages, made once: a signal that is made of others is held for as long as they are. */
  get context(): WorkContext {
    return { lost: this.lost.signal, giveUp: this.givenUp.signal };
  }

  /** It is another's. */
  lose(): void {
    this.lost.abort();
    this.givenUp.abort();
  }

  /** The program ends. */
  drain(): void {
    this.givenUp.abort();
  }

  get position(): bigint {
    return this.next;
  }

  wants(): boolean {
    return (
      !this.lost.signal.aborted && this.waiting.length < enoughWaiting && this.bytes < this.limits.maxBytes
    );
  }

  accept({ messages, next }: FetchedPartition): void {
    if (this.lost.signal.aborted) return;
    for (const message of messages) {
      const bytes = bytesOf(message);
      this.bytes += bytes;
      this.waiting.push({ message, bytes, writtenBytes: 0 });
    }
    this.next = next;
  }

  outOfRange(start: bigint): void {
    this.onGap(this.next, start);
    this.next = start;
  }

  /** The next message to work on, if one may be begun. */
  begin(): WorkItem | undefined {
    const { concurrency, maxUncommitted, maxBytes } = this.limits;
    if (this.lost.signal.aborted || this.running >= concurrency) return undefined;
    if (this.begun.length >= maxUncommitted || this.writtenBytes() >= maxBytes) return undefined;
    const item = this.waiting.shift();
    if (item === undefined) return undefined;
    this.begun.push(item);
    this.running += 1;
    return item;
  }

  /** @param written - undefined: given up without a result; the message stays uncommitted */
  end(item: WorkItem, written: Written | undefined): void {
    this.running -= 1;
    if (written !== undefined) this.write(item, written);
  }

  /** What is committed for a message from now on. */
  write(item: WorkItem, written: Written): void {
    item.written = written;
    item.writtenBytes = written.reduce((sum, message) => sum + bytesOf(message), 0);
  }

  /** Nothing of it is committed for so long. */
  hold(ms: number): void {
    this.heldUntil = performance.now() + ms;
  }

  /** What can be committed: what is done before the first message that is not, as far as there is room. */
  finished(room: BatchRoom): FinishedWork | undefined {
    if (performance.now() < this.heldUntil) return undefined;
    const items: WorkItem[] = [];
    for (const item of this.begun) {
      if (item.written === undefined || !room.take(item.writtenBytes)) break;
      items.push(item);
    }
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

  private writtenBytes(): number {
    return this.begun.reduce((sum, item) => sum + item.writtenBytes, 0);
  }
}

/** Tells partitions of several topics apart. */
export function partitionName(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
