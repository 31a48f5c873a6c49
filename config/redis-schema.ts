import { z } from "zod";
import { elastiCacheSchema } from "./elasticache-schema";
import { externalRedisSchema } from "./external-redis-schema";
import { storedSystem } from "./values";

const cluster = z.strictObject({
  mode: z.literal("cluster").optional().describe("Valkey runs in the cluster; so it does without a mode"),
  ...storedSystem,
});

/** Counters of the rate limits: in the cluster, in one that AWS runs, or in one that somebody else runs. */
export const redisSchema = z.discriminatedUnion("mode", [cluster, elastiCacheSchema, externalRedisSchema]);
