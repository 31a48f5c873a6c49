import type { RetryConfig } from "../runner-config";

/** Where a message is in the steps of its retry: it was tried at this step, for the so-manieth time. */
export interface RetryPosition {
  /** Index of the step. */
  readonly step: number;
  /** From 1. */
  readonly attempt: number;
}

/** What comes after a failure. */
export type RetryDecision =
  | {
      readonly kind: "again";
      readonly position: RetryPosition;
      readonly backoffMs: number;
      /** Where it waits; undefined: where it is. */
      readonly topic: string | undefined;
    }
  | { readonly kind: "deadLetter"; readonly topic: string };

/**
 * Decides what becomes of a message that failed.
 *
 * @param position - where it was tried; undefined: at first, before any step. A step that the plan has no more, since
 * the document has changed, counts as passed.
 */
export function decideRetry(
  { steps, strategy, deadLetterTopic }: Pick<RetryConfig, "steps" | "strategy" | "deadLetterTopic">,
  position: RetryPosition | undefined,
): RetryDecision {
  const current = steps.find(({ index }) => index === position?.step);
  const isRepeated = current !== undefined && position !== undefined && position.attempt < current.attempts;
  const step = isRepeated
    ? current
    : steps.find(({ index }) => position === undefined || index > position.step);
  if (step === undefined) return { kind: "deadLetter", topic: deadLetterTopic };
  return {
    kind: "again",
    position: { step: step.index, attempt: isRepeated ? position.attempt + 1 : 1 },
    backoffMs: step.backoffMs,
    topic: strategy === "Simple" ? undefined : step.topic,
  };
}
