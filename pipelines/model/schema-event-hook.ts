import { z } from "zod";
import { ownImageSchema, portNameSchema, workloadFields } from "./schema-fields";

/** The event hook of a deployment, as documents state it. */
export const eventHookSchema = z
  .strictObject({
    ...workloadFields,
    image: ownImageSchema.optional().describe("Default: the platform's hook runner."),
    webHooks: z
      .array(
        z.strictObject({
          pipelineHookInputName: portNameSchema.describe("destInputName of a pipe to the EventHook."),
          webHookUrl: z.url({ protocol: /^https?$/, error: "an http or https URL" }),
          httpVerb: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
          httpHeaders: z.string().optional().describe("One 'Name: value' for each line."),
        }),
      )
      .default([]),
  })
  .describe("Relays messages to webhooks.");

/** The event hook of a deployment. */
export type EventHookSpec = z.output<typeof eventHookSchema>;
