import type { FetchedMessage } from "./fetched-message";
import type { GroupMemberOptions, Membership } from "./group-member";
import type { PartitionOffset } from "./group-offsets";
import type { Written } from "./outgoing-message";
import type { PartitionLimits } from "./partition-work";

/** What a message is worked on with. */
export interface WorkContext {
  /** The partition is another's now: what comes of the message counts no more. */
  readonly lost: AbortSignal;
  /** The same, or the program ends: what only waits gives up, and nothing is begun. */
  readonly giveUp: AbortSignal;
}

/** What a commit is made of. */
export interface CommitBatch {
  readonly messages: Written;
  readonly offsets: readonly PartitionOffset[];
  readonly membership: Membership;
}

/** What a consumer does with its messages. */
export interface MessageHandler {
  /** Works on a message. An error means that it is given up without a result, and comes again. */
  work(message: FetchedMessage, context: WorkContext): Promise<Written>;
  /** Commits results and positions. After an error, positions are asked for, and decide what is committed again. */
  commit(batch: CommitBatch): Promise<void>;
  /** After an error of {@link commit}: returns when what it did is either done or undone, and stays so. */
  settle(signal: AbortSignal): Promise<void>;
  /**
   * What stands in for what came of a message, when Kafka does not take it, such as one that is too large.
   *
   * @returns undefined: there is nothing left to give up, and the partition waits
   */
  refused(message: FetchedMessage, written: Written, error: unknown): Written | undefined;
}

/** How much is committed at once. */
export interface BatchLimits {
  /** Most messages that are done. @default 500 */
  readonly messages?: number;
  /** Bytes of what came of them; what came of one message may be more. @default 8 MiB */
  readonly bytes?: number;
  /** Shortest time between two commits, in milliseconds. @default 0 */
  readonly pauseMs?: number;
}

/** How a consumer reads. */
export interface GroupConsumerOptions {
  readonly group: GroupMemberOptions;
  readonly limits: PartitionLimits;
  readonly batch?: BatchLimits;
}
