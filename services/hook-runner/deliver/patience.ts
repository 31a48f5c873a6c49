/** How patient a hook is with receivers, in milliseconds. */
export interface Patience {
  /** For an answer; Standard Webhooks advises 15 to 30 s. */
  readonly answerMs: number;
  /** How long a message is tried before it goes to the dead letters. */
  readonly giveUpMs: number;
  /** First limit of the random time between attempts; it doubles each time. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** After so long, one attempt finds out whether a receiver that is down is well again. */
  readonly halfOpenMs: number;
}

/** How long is waited after some failed attempts: a random time, so that what failed together doesn't come back together. */
export function pauseAfter(
  attempts: number,
  { firstBackoffMs, longestBackoffMs }: Pick<Patience, "firstBackoffMs" | "longestBackoffMs">,
  random: () => number = Math.random,
): number {
  return random() * Math.min(firstBackoffMs * 2 ** attempts, longestBackoffMs);
}
