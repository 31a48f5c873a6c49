import { z } from "zod";
import { secretGroups, type SecretGroup } from "../components/secret-rotation";
import { count } from "./values";

function generation(group: SecretGroup): z.ZodOptional<z.ZodNumber> {
  return count(1).optional().describe(`${secretGroups[group]}: the generation in use; without it the first`);
}

function retired(group: SecretGroup): z.ZodOptional<z.ZodNumber> {
  return count(1).optional().describe(`${secretGroups[group]}: the newest generation that works no more`);
}

/** Generations of the secrets that are made. */
export const rotationSchema = z.strictObject({
  kafkaUsers: generation("kafkaUsers"),
  kafkaAdministrator: generation("kafkaAdministrator"),
  kafkaNodes: generation("kafkaNodes"),
  sql: generation("sql"),
  redis: generation("redis"),
  objectStorage: generation("objectStorage"),
  objectStorageAdministrator: generation("objectStorageAdministrator"),
  grafana: generation("grafana"),
  apiKeys: generation("apiKeys"),
  webhookSignatures: generation("webhookSignatures"),
  streamKeys: generation("streamKeys"),
  retired: z
    .strictObject({
      kafkaUsers: retired("kafkaUsers"),
      sql: retired("sql"),
      redis: retired("redis"),
      objectStorage: retired("objectStorage"),
      apiKeys: retired("apiKeys"),
      webhookSignatures: retired("webhookSignatures"),
      streamKeys: retired("streamKeys"),
    })
    .optional()
    .describe("Of two generations of a group that work, takes the older one away"),
} satisfies Record<SecretGroup | "retired", z.ZodType>);
