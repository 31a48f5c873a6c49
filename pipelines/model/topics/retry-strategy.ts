import { durationMs, formatDuration } from "../values/duration";
import type { RetryPlan, RetryStepPlan } from "../plan/plan";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import type { RetryStrategySpec } from "../schema/retry-schema";

/** Suffix of the dead-letter topic when the document gives none. */
const defaultDeadLetterSuffix = "dlq";
/** Kafka's default of `max.poll.interval.ms`: a consumer that holds a message for longer must raise it. */
const defaultPollIntervalMs = 300_000;
/** The longest `max.poll.interval.ms` that every client takes (librdkafka: 86400000). */
const longestPollIntervalMs = 86_400_000;
/** Time to fetch, to write to the dead letters and to commit, on top of what a held message takes. */
const pollMarginMs = 60_000;
/** The longest schedule: as long as dead letters are kept at least. */
const longestScheduleMs = 30 * 86_400_000;

/** A strategy whose steps are in order. */
export interface RetrySchedule {
  readonly strategy: RetryPlan["strategy"];
  readonly steps: readonly ScheduledStep[];
  readonly deadLetterSuffix: string;
  /** The longest that a message can wait in all. */
  readonly backoffMs: number;
  /** Where the strategy stands in its document. */
  readonly at: readonly PathStep[];
}

/** A step, and the part that it gives to the name of its topic. */
export interface ScheduledStep extends Omit<RetryStepPlan, "topic"> {
  readonly suffix: string;
}

/** Puts the steps of a strategy in order, and reports what can't work whoever uses it. */
export function planSchedule(
  spec: RetryStrategySpec,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): RetrySchedule {
  const steps = spec.steps
    .map(({ index, backoffDuration, repeat }, place) => ({
      place,
      index: index ?? place,
      backoffMs: durationMs(backoffDuration),
      attempts: Math.max(1, repeat),
      suffix: backoffDuration.toLowerCase(),
    }))
    .sort((a, b) => a.index - b.index || a.place - b.place);
  const deadLetterSuffix = (spec.deadLetterSuffix || defaultDeadLetterSuffix).toLowerCase();
  steps.forEach(({ index, place, suffix }, position) => {
    const path = [...at, "steps", place];
    if (steps[position - 1]?.index === index) {
      const message = `a second step with index ${index}, expected each once, since it says which step comes first`;
      report.error(source, [...path, "index"], message);
    }
    if (suffix === deadLetterSuffix) {
      const message = `found ${JSON.stringify(suffix)}, which is the deadLetterSuffix as well, expected another: they would be one topic`;
      report.error(source, [...path, "backoffDuration"], message);
    }
  });
  const backoffMs = steps.reduce((sum, step) => sum + step.backoffMs * step.attempts, 0);
  if (backoffMs > longestScheduleMs) {
    const message = `all back-offs together are ${formatDuration(backoffMs)}, expected at most ${formatDuration(longestScheduleMs)}; let a scheduler send again what must wait longer`;
    report.error(source, [...at, "steps"], message);
  }
  return {
    strategy: spec.strategy,
    steps: steps.map(({ index, backoffMs: stepMs, attempts, suffix }) => ({
      index,
      backoffMs: stepMs,
      attempts,
      suffix,
    })),
    deadLetterSuffix,
    backoffMs,
    at,
  };
}

/**
 * What a consumer that holds a message through all back-offs must set `max.poll.interval.ms` to. Longer than Kafka's
 * default deserves a warning, longer than clients take is an error.
 *
 * @param timeoutMs - how long one attempt may take
 */
export function planPollInterval(
  { steps, backoffMs, at }: RetrySchedule,
  timeoutMs: number,
  source: DocumentSource,
  report: ProblemReport,
): number {
  const attempts = steps.reduce((sum, step) => sum + step.attempts, 1);
  const heldMs = backoffMs + attempts * timeoutMs;
  const intervalMs = Math.max(defaultPollIntervalMs, heldMs + pollMarginMs);
  const held = `a message that fails holds all messages behind it in its partition for up to ${formatDuration(heldMs)}`;
  if (intervalMs > longestPollIntervalMs) {
    const most = formatDuration(longestPollIntervalMs - pollMarginMs);
    report.error(source, [...at, "steps"], `${held}, expected at most ${most} with Simple; use RetryTopics`);
  } else if (heldMs > defaultPollIntervalMs) {
    report.warning(source, [...at, "steps"], `${held}; use RetryTopics, unless their order matters more`);
  }
  return intervalMs;
}
