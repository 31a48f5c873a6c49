import { z } from "zod";
import { durationSchema } from "./fields-schema";

/** Strategies that the original named and never built, and what to use instead. */
const neverBuilt: Readonly<Record<string, string>> = {
  StatefulOrdered: "use Simple, which keeps the order: messages behind the failed one wait",
  StatefulUnordered: "use RetryTopics, which lets other messages pass the failed one",
};

const stepSchema = z.strictObject({
  index: z
    .int("a whole number")
    .min(0)
    .max(1000)
    .optional()
    .describe("Order of the steps, smallest first. Default: the place in the list."),
  backoffDuration: durationSchema.describe(
    "How long a message waits before it is tried again: 30s, 5m or 1h30m.",
  ),
  repeat: z
    .int("a whole number")
    .min(0)
    .max(1000)
    .default(1)
    .describe("How often it is tried at this step; 0 means once, too."),
});

/** What happens to a message that an algo failed to process. */
export const retryStrategySchema = z
  .strictObject({
    strategy: z
      .enum(["Simple", "RetryTopics"], {
        error: ({ input }) =>
          typeof input === "string" && Object.hasOwn(neverBuilt, input) ? neverBuilt[input] : undefined,
      })
      .describe(
        "Simple: the algo waits, and all messages behind with it. RetryTopics: the message waits in a topic of its step.",
      ),
    deadLetterSuffix: z
      .string()
      .max(50, "at most 50 characters")
      .regex(/^([A-Za-z0-9][A-Za-z0-9._-]*)?$/, "letters, digits, '.', '_' and '-'")
      .optional()
      .describe("After the last step a message goes to the topic {topic}.{deadLetterSuffix}. Default dlq."),
    steps: z
      .array(stepSchema)
      .max(100, "at most 100 steps")
      .default([])
      .describe("Without steps, a message that fails goes to the dead letters at once."),
  })
  .meta({ id: "RetryStrategy", description: "What happens to a message that an algo failed to process." });

/** What happens to a message that an algo failed to process. */
export type RetryStrategySpec = z.output<typeof retryStrategySchema>;
