/** How an algo tries the messages of one topic again. */
export interface RetryPlan {
  /** Topic whose messages these are. */
  readonly topic: string;
  /**
   * `Simple`: the algo's consumer holds the message for each back-off, and with it all messages behind it in its
   * partition, so that their order stays. `RetryTopics`: it writes the message to the topic of the step, goes on with
   * the next, and reads the message from there when its back-off is over.
   */
  readonly strategy: "Simple" | "RetryTopics";
  /** In the order in which a message takes them; empty: it goes to the dead letters at once. */
  readonly steps: readonly RetryStepPlan[];
  /** Where a message goes that failed at the last step, too. */
  readonly deadLetterTopic: string;
  /**
   * Present for `Simple`: what the consumer must set `max.poll.interval.ms` to at least, so that Kafka doesn't take it
   * for dead while it holds a message.
   */
  readonly maxPollIntervalMs?: number;
}

/** One step of a retry. */
export interface RetryStepPlan {
  /** As the document states it; the header `retryStepIndex` of a waiting message. Unique in the retry. */
  readonly index: number;
  readonly backoffMs: number;
  /** How often a message is tried at this step; at least 1. The header `retryNum` counts them from 1. */
  readonly attempts: number;
  /** Present for `RetryTopics`: where it waits. Steps with the same back-off have the same topic. */
  readonly topic?: string;
}
