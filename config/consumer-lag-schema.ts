import { z } from "zod";
import { dnsLabel, text } from "./values";

/** Who measures how far behind a consumer is. */
export const consumerLagSchema = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("keda").describe("KEDA asks Kafka"),
    namespace: dnsLabel.default("keda").describe("Namespace that KEDA runs in"),
  }),
  z.strictObject({
    source: z.literal("metric").describe("An adapter serves an external metric"),
    metricName: text.default("kafka_consumergroup_lag").describe("Name of the metric"),
    groupLabel: text.default("consumergroup").describe("Label that holds the consumer group"),
    topicLabel: text.default("topic").describe("Label that holds the topic"),
  }),
]);
