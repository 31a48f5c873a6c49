import { z } from "zod";
import { ownImageSchema, portNameSchema, secretNameSchema, workloadFields } from "./fields-schema";

/** Entry of a Secret, as Kubernetes allows its name. */
const secretKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,253}$/, "an entry of the Secret: letters, digits, '.', '_' and '-'");

const headerNameSchema = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "the name of a header");

const signatureSchema = z
  .strictObject({
    secretName: secretNameSchema.optional(),
    key: secretKeySchema.optional().describe("Entry of that Secret: whsec_ and the secret in base64."),
  })
  .describe(
    "Signs bodies by HMAC-SHA-256 as Standard Webhooks have it. Without fields the secret is made, and shown among the stack's outputs.",
  );

/** The event hook of a deployment, as documents state it. */
export const eventHookSchema = z
  .strictObject({
    ...workloadFields,
    image: ownImageSchema.optional().describe("Default: the platform's hook runner."),
    webHooks: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "at most 40 of a-z, 0-9 and '-'")
            .optional()
            .describe("Tells it apart in outputs and logs. Default: from its input and its URL."),
          pipelineHookInputName: portNameSchema.describe("destInputName of a pipe to the EventHook."),
          webHookUrl: z.url({ protocol: /^https?$/, error: "an http or https URL" }),
          httpVerb: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
          httpHeaders: z.string().optional().describe("One 'Name: value' for each line."),
          secretHeaders: z
            .record(headerNameSchema, z.strictObject({ secretName: secretNameSchema, key: secretKeySchema }))
            .optional()
            .describe("Headers whose values are entries of Secrets."),
          signature: signatureSchema.optional(),
        }),
      )
      .default([]),
  })
  .describe("Relays messages to webhooks.");

/** The event hook of a deployment. */
export type EventHookSpec = z.output<typeof eventHookSchema>;
