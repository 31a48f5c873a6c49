/** When an environment wants to be told. */
export interface AlertThresholds {
  /** Messages that a component may be behind in one topic, where its autoscaling does not say it. */
  readonly lag: number;
  /** Share of an algo's messages that may fail, from 0 to 1. */
  readonly errorRatio: number;
  /** Retries for each message that an algo finishes, which may be more than 1. */
  readonly retryRatio: number;
  /** Share of the volume of a write-ahead log that may be full, from 0 to 1. */
  readonly logFill: number;
  /** Hours without a message that are too many for a path that had some a day before; 0: such silence is no alert. */
  readonly noTrafficHours: number;
}

/** What is used where an environment says nothing; the numbers are a start, and every pipeline has better ones. */
export const defaultThresholds: AlertThresholds = {
  lag: 1000,
  errorRatio: 0.05,
  retryRatio: 0.1,
  logFill: 0.8,
  noTrafficHours: 1,
};
