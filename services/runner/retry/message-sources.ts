import type { InputConfig, RetryConfig, RunnerConfig } from "../runner-config";

/** What the messages of a topic are. */
export interface MessageSource {
  readonly input: InputConfig;
  /** Undefined: what fails is not tried again. */
  readonly retry: RetryConfig | undefined;
  /** Whether messages wait in this topic until their time has come. */
  readonly isRetryTopic: boolean;
}

/** The topics that a runner reads: those piped into its inputs, and those in which its own messages wait. */
export function messageSources({ inputs, retries }: RunnerConfig): ReadonlyMap<string, MessageSource> {
  const sources = new Map<string, MessageSource>();
  for (const input of inputs) {
    for (const topic of input.topics) {
      const retry = retries.find((plan) => plan.topic === topic);
      sources.set(topic, { input, retry, isRetryTopic: false });
      for (const step of retry?.steps ?? []) {
        if (step.topic !== undefined) sources.set(step.topic, { input, retry, isRetryTopic: true });
      }
    }
  }
  return sources;
}
