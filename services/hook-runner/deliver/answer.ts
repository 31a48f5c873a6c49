/** What an answer of a receiver means, as Standard Webhooks has it. */
export type Verdict =
  | { readonly kind: "delivered" }
  /** The receiver wants no messages any more. */
  | { readonly kind: "gone" }
  /** Another attempt may succeed; not before this time has passed. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly status: number | undefined;
      readonly waitMs: number;
      /** Whether the receiver as a whole is unwell, and not this message. */
      readonly isReceiverDown: boolean;
    };

/** Longest time that a receiver can put a message off. */
const longestWaitMs = 300_000;

/** Judges a status and its header `retry-after`. Redirections are not followed: they are failures. */
export function judgeAnswer(status: number, retryAfter: string | null, now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status === 410) return { kind: "gone" };
  const isReceiverDown = status >= 500 || status === 429;
  return {
    kind: "failed",
    reason: `status ${status}`,
    status,
    waitMs: waitOf(retryAfter, now),
    isReceiverDown,
  };
}

function waitOf(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWaitMs) : 0;
}
