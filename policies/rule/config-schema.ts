import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";

/** The schema of one setting. */
type SettingSchema = PolicyConfigSchema["properties"][string];

/** The schema of a rule's configuration as the engine wants it, to check `--policy-pack-config` with. */
export function configSchemaOf(settings: z.ZodObject): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(settings, { io: "input" });
  return { properties: propertySchemas(properties) };
}

/** The words of JSON Schema that settings use; zod's own type allows older drafts, which the SDK's does not. */
function propertySchema(schema: z.core.JSONSchema.JSONSchema): SettingSchema {
  const { type, description, default: standard, minimum, items, properties, additionalProperties } = schema;
  return {
    ...(type !== undefined && { type }),
    ...(description !== undefined && { description }),
    ...(standard !== undefined && { default: standard }),
    ...(minimum !== undefined && { minimum }),
    ...(typeof items === "object" && !Array.isArray(items) && { items: propertySchema(items) }),
    ...(properties !== undefined && { properties: propertySchemas(properties) }),
    ...(additionalProperties === false && { additionalProperties }),
  };
}

function propertySchemas(
  properties: Readonly<Record<string, z.core.JSONSchema._JSONSchema>>,
): Record<string, SettingSchema> {
  const schemas: Record<string, SettingSchema> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (typeof schema === "object") schemas[name] = propertySchema(schema);
  }
  return schemas;
}
