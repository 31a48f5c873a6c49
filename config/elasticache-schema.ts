import { z } from "zod";
import { count } from "./values";

/** Redis that AWS runs, by way of Valkey. */
export const elastiCacheSchema = z.strictObject({
  mode: z.literal("elasticache").describe("Amazon ElastiCache runs Valkey"),
  nodeType: z
    .string()
    .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "a size such as cache.t4g.small")
    .default("cache.t4g.small")
    .describe("Size of each node"),
  nodes: count(2)
    .max(6, "2 to 6 nodes")
    .default(2)
    .describe("Number of nodes, 2 to 6: one that serves, and others that take over"),
  engineVersion: z
    .string()
    .regex(/^\d+\.\d+$/, "a version such as 8.0")
    .default("8.0")
    .describe("Version of Valkey, as ElastiCache names it"),
});
