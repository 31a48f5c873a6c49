import { z } from "zod";
import { addressBlocks, text } from "./values";

/** A Redis or Valkey that somebody else runs. */
export const externalRedisSchema = z.strictObject({
  mode: z.literal("external").describe("Somebody else runs Redis or Valkey, unsharded"),
  endpoint: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, "host:port")
    .describe("Server as host:port, as pods reach it; its password is redisPassword"),
  username: text.optional().describe("User; without it the default one"),
  tls: z.boolean().default(true).describe("Whether clients speak TLS"),
  caCertificate: text
    .optional()
    .describe("PEM of the authority that signed the server; without it a public one"),
  addressBlocks: addressBlocks.describe("Networks of the server, which network policies let pods reach"),
});
