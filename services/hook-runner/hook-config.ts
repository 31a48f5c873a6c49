import { z } from "zod";

const name = z.string().min(1);
const owned = z.object({ owner: name, name });

const webhookSchema = z.object({
  name,
  topics: z.array(name).readonly(),
  url: z.url(),
  verb: z.enum(["POST", "PUT", "PATCH"]),
  headers: z.record(z.string(), z.string()),
  /** Headers whose values are in files, since they are secrets. */
  secretHeaders: z.record(z.string(), z.object({ file: name })).default({}),
  signature: z.object({ scheme: z.literal("standard-webhooks"), file: name }).optional(),
});

/** What the planner writes for a hook (pipelines/model/edges/event-hook-planner.ts). */
export const hookConfigSchema = z.object({
  deployment: owned,
  pipeline: owned,
  consumerGroup: name,
  /** Where a message goes that a webhook does not take. */
  deadLetterTopic: name,
  inputs: z.array(z.object({ name, topics: z.array(name).readonly() })).readonly(),
  webhooks: z.array(webhookSchema).readonly(),
});

/** See {@link hookConfigSchema}. */
export type HookConfig = Readonly<z.output<typeof hookConfigSchema>>;
/** Where messages are sent. */
export type WebhookConfig = HookConfig["webhooks"][number];
