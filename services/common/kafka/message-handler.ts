import type { FetchedMessage } from "./fetched-message";
import type { GroupMemberOptions, Membership } from "./group-member";
import type { PartitionOffset } from "./group-offsets";
import type { FetchLimits } from "./partition-fetcher";
import type { PartitionLimits } from "./partition-work";

/** What a message is worked on with. */
export interface WorkContext {
  /** The partition is another's now: what comes of the message counts no more. */
  readonly lost: AbortSignal;
  /** The program ends: what only waits may give up. */
  readonly draining: AbortSignal;
}

/** What a commit is made of. */
export interface CommitBatch<Result> {
  readonly results: readonly Result[];
  readonly offsets: readonly PartitionOffset[];
  readonly membership: Membership;
}

/** What a consumer does with its messages. */
export interface MessageHandler<Result> {
  /** Works on a message. An error means that it is given up without a result, and comes again. */
  work(message: FetchedMessage, context: WorkContext): Promise<Result>;
  /** Commits results and positions. After an error, positions are asked for, and decide what is committed again. */
  commit(batch: CommitBatch<Result>): Promise<void>;
  /** After an error of {@link commit}: returns when what it did is either done or undone, and stays so. */
  settle(signal: AbortSignal): Promise<void>;
  /** What stands in for the result of a message that Kafka does not take, such as one that is too large. */
  refused(message: FetchedMessage, error: unknown): Promise<Result>;
  /** Positions were deleted before they were read. */
  skipped?(partition: { readonly topic: string; readonly partition: number }, from: bigint, to: bigint): void;
}

/** How a consumer reads. */
export interface GroupConsumerOptions {
  readonly group: GroupMemberOptions;
  readonly limits: PartitionLimits;
  readonly fetch?: FetchLimits;
  /** Most messages in one commit. @default 500 */
  readonly batchSize?: number;
}
