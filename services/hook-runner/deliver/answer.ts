/** An attempt that failed: another may succeed. */
export interface FailedAttempt {
  readonly kind: "failed";
  readonly errorClass: "Status" | "Connection" | "TimeOut" | "Secret";
  readonly reason: string;
  readonly status?: number;
  /** The receiver wants nothing before so many milliseconds have passed. */
  readonly waitMs: number;
  /** Whether the receiver as a whole is unwell, and not this message. */
  readonly isReceiverDown: boolean;
}

/** What an answer of a receiver means, as Standard Webhooks has it. */
export type Verdict =
  | { readonly kind: "delivered" }
  /** The receiver wants no messages any more. */
  | { readonly kind: "gone" }
  | FailedAttempt;

/** Longest time that a receiver can put a message off. */
const longestWaitMs = 300_000;

/**
 * Judges a status and its header `retry-after`. Redirections are not followed: they are failures.
 *
 * @param now - milliseconds since 1970
 */
export function judgeAnswer(status: number, retryAfter: string | null, now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status === 410) return { kind: "gone" };
  return {
    kind: "failed",
    errorClass: "Status",
    reason: `status ${status}`,
    status,
    waitMs: waitOf(retryAfter, now),
    isReceiverDown: status >= 500 || status === 429,
  };
}

function waitOf(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWaitMs) : 0;
}
