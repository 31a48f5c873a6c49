import { z } from "zod";
import { byteSizeSchema, portNameSchema } from "./fields-schema";
import { retryStrategySchema } from "./retry-schema";

/** How much goes through a topic; what is not stated stays unknown. */
export const expectedLoadSchema = z
  .strictObject({
    messagesPerSecond: z
      .number("a number of messages in a second such as 200 or 0.5")
      .min(0.001, "at least 0.001 messages in a second")
      .max(1e9, "at most 1000000000 messages in a second")
      .describe("On the average over the time for which messages are kept."),
    averageMessageSize: byteSizeSchema.describe(
      "As Kafka keeps it, e.g. 2Ki: headers and key included, compressed where producers compress; with FileReference that of the pointer.",
    ),
  })
  .meta({
    id: "ExpectedLoad",
    description: "What is expected to go through the topic: for the capacity statement, enforced by nothing.",
  });

/** How much goes through a topic. */
export type ExpectedLoadSpec = z.output<typeof expectedLoadSchema>;

/** A topic, as its producer states it. */
export const topicSchema = z
  .strictObject({
    outputName: portNameSchema.describe("The output, or endpoint path, that this topic carries."),
    autoName: z.boolean().optional().describe("Without topicName: true (default) makes a name."),
    topicName: z
      .string()
      .min(1)
      .optional()
      .describe("May hold {deploymentowner} and {deploymentname}; lower-cased. Default: an automatic name."),
    autoPartition: z
      .boolean()
      .default(false)
      .describe("Take the number of partitions from the replicas of the components that read the topic."),
    partitions: z.int("a whole number").min(1).max(10_000).optional().describe("Default 1."),
    replicationFactor: z.int("a whole number").min(1).max(32).optional().describe("Default: the platform's."),
    topicParams: z
      .array(z.strictObject({ name: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }))
      .default([])
      .describe("Kafka's own topic configuration, e.g. retention.ms."),
    expectedLoad: expectedLoadSchema.optional(),
    replaces: z
      .array(
        z.strictObject({
          topicName: z.string().min(1).describe("As the topic is called; may hold the placeholders."),
          partitions: z.int("a whole number").min(1).max(10_000).describe("As many as it has."),
        }),
      )
      .max(10, "at most 10 topics")
      .default([])
      .describe(
        "Topics that carried the output before: nobody writes them any more, and its readers read them, too. Remove an entry when all readers are at its end.",
      ),
    overrideRetryStrategy: z
      .boolean()
      .default(false)
      .describe("Whether retryStrategy, here, takes the place of that of each algo that reads the topic."),
    retryStrategy: retryStrategySchema
      .optional()
      .describe("For the algos that read the topic and have retryEnabled: true."),
  })
  .meta({ id: "Topic", description: "The Kafka topic of one output." });

/** A topic, as its producer states it. */
export type TopicSpec = z.output<typeof topicSchema>;
