import { z } from "zod";
import { headerNameSchema, versionSchema } from "./fields-schema";

const percent = z.int("a whole number of percent").min(0).max(100);

/** How a rollout says where requests go: one of the two. */
const target = {
  deployment: z
    .string()
    .min(1)
    .optional()
    .describe("The other deployment, as owner.name; its endpoint has the same paths."),
  version: versionSchema
    .optional()
    .describe("Instead: pipelineVersionTag of the only other deployment of the same pipeline that has it."),
};

const canarySchema = z
  .strictObject({
    ...target,
    weight: percent.optional().describe("Percent of the requests."),
    steps: z
      .array(z.int("a whole number of percent").min(1).max(100))
      .min(1, "at least one step")
      .optional()
      .describe("Instead of weight: the weights that it is to have, one after the other, rising."),
    step: z
      .int("a whole number")
      .min(0)
      .optional()
      .describe(
        "How many steps are taken; 0 (default): none, no request yet. Raise it and update the stack; lower it to go back.",
      ),
  })
  .describe("Part of the requests go to another deployment instead.");

const shadowSchema = z
  .strictObject({
    ...target,
    weight: percent.default(100).describe("Percent of the requests that are copied."),
  })
  .describe(
    "Another deployment gets copies of requests; its answers go nowhere. Bodies that Envoy does not buffer whole (above 1 MiB) are not copied.",
  );

const headerRouteSchema = z
  .strictObject({
    ...target,
    name: headerNameSchema,
    value: z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,254}[\x21-\x7e])?$/, "1 to 256 printable characters"),
  })
  .describe("Requests with this header go to another deployment.");

/** How requests are shared with other deployments. */
export const rolloutSchema = z
  .strictObject({
    canary: z.array(canarySchema).default([]).describe("Weights add up to at most 100; the rest stays here."),
    shadow: shadowSchema.optional(),
    headers: z
      .array(headerRouteSchema)
      .default([])
      .describe("Before canary and shadow, which such requests take no part in."),
  })
  .meta({ id: "Rollout", description: "Shares the endpoint's requests with other deployments." });

/** How requests are shared with other deployments. */
export type RolloutSpec = z.output<typeof rolloutSchema>;
/** Part of the requests. */
export type CanarySpec = RolloutSpec["canary"][number];
/** Where requests go. */
export type RolloutTargetSpec = Pick<CanarySpec, "deployment" | "version">;
