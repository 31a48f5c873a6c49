import { z } from "zod";
import { count, text } from "./values";

/** Kafka that AWS runs, with its brokers in three zones. */
export const mskSchema = z.strictObject({
  mode: z.literal("msk").describe("Amazon MSK runs Kafka"),
  brokers: count(3)
    .multipleOf(3, "a multiple of 3, since three zones share them evenly")
    .default(3)
    .describe("Number of brokers, a multiple of 3"),
  kafkaVersion: text.default("4.1.x.kraft").describe("Version, as MSK names it"),
  instanceType: z
    .string()
    .regex(/^kafka\.[a-z0-9]+\.[a-z0-9]+$/, "a size such as kafka.m7g.large")
    .default("kafka.m7g.large")
    .describe("Size of each broker"),
  volumeSize: count(1).default(100).describe("GiB of each broker at the beginning"),
  maxVolumeSize: count(1)
    .default(1000)
    .describe("GiB of each broker that volumes grow to by themselves; they never shrink"),
  logRetentionDays: z
    .literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400], "a number that CloudWatch offers")
    .default(30)
    .describe("Days that brokers' logs are kept"),
  administratorRoleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, "arn:aws:iam::…:role/…")
    .optional()
    .describe("Role that makes topics and ACLs; without it whoever runs pulumi"),
});
