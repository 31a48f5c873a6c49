import { z } from "zod";
import { elastiCacheSchema } from "./elasticache-schema";
import { externalRedisSchema } from "./external-redis-schema";
import { dnsLabel, storedSystem } from "./values";

const cluster = z.strictObject({
  mode: z.literal("cluster").optional().describe("Valkey runs in the cluster; so it does without a mode"),
  ...storedSystem,
  replicas: z
    .union([z.literal(1), z.literal(2)], "1, or 2: one that takes writes, and one that copies it")
    .default(1)
    .describe(
      "Number of servers; the second copies the first, and takes its place when `redis.primary` says so",
    ),
  primary: z
    .enum(["first", "second"])
    .default("first")
    .describe("Which of two servers takes writes; docs/operations.md says when to change it"),
  tls: z
    .strictObject({
      secretName: dnsLabel.describe(
        "Secret with tls.crt, tls.key and ca.crt in the platform's namespace, for the names that docs/tls.md lists",
      ),
    })
    .optional()
    .describe("Takes only encrypted connections"),
});

/** Counters of the rate limits: in the cluster, in one that AWS runs, or in one that somebody else runs. */
export const redisSchema = z.discriminatedUnion("mode", [cluster, elastiCacheSchema, externalRedisSchema]);
