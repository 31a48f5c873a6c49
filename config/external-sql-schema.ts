import { z } from "zod";
import { addressBlocks, text } from "./values";

/** A database that somebody else runs. */
export const externalSqlSchema = z.strictObject({
  mode: z.literal("external").describe("Somebody else runs the database"),
  engine: z.enum(["postgresql", "mariadb"]).default("postgresql").describe("Which database"),
  host: text.describe("Host, as pods reach it"),
  port: z
    .int("a port")
    .min(1, "a port")
    .max(65_535, "a port")
    .optional()
    .describe("Port; without it that of the engine"),
  database: text.default("algorun").describe("Name of the database"),
  username: text.default("algorun").describe("Owner of the database; its password is sqlPassword"),
  tls: z.boolean().default(true).describe("Whether clients speak TLS"),
  caCertificate: text
    .optional()
    .describe("PEM of the authority that signed the server; without it a public one"),
  addressBlocks: addressBlocks.describe("Networks of the server, which network policies let pods reach"),
});
