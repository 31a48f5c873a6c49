import type { TopicPlan } from "../plan/plan";

/** Bytes of the largest message of a topic that doesn't say otherwise: Kafka's default of `max.message.bytes`. */
export const defaultMessageBytes = 1_048_588;

/** Bytes of the largest message that a topic takes, with its headers. */
export function largestMessage({ parameters }: Pick<TopicPlan, "parameters">): number {
  return Number(parameters["max.message.bytes"] ?? defaultMessageBytes);
}
