import { z } from "zod";
import { secretKeys } from "./secret-keys";
import { settingsSchema } from "./settings-schema";

/** A key of the stack's config, or a key inside one. */
export interface DescribedKey {
  /** Without the project's prefix, as `pulumi config set --path` takes it: `kafka.brokers`. */
  readonly path: string;
  /** In words: `integer`, `"a" or "b"`, `list of string`. */
  readonly type: string;
  readonly description: string;
  /** Undefined: none. */
  readonly default: unknown;
  readonly isRequired: boolean;
}

/** JSON Schema as far as zod writes it for config. */
interface Schema {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
  readonly propertyNames?: Schema | undefined;
  readonly items?: Schema | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly $ref?: string | undefined;
}

const schemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), schemaSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([schemaSchema, z.boolean()]).optional(),
    propertyNames: schemaSchema.optional(),
    items: schemaSchema.optional(),
    oneOf: z.array(schemaSchema).optional(),
    anyOf: z.array(schemaSchema).optional(),
    $ref: z.string().optional(),
  }),
);

const documentSchema = z.looseObject({
  properties: z.record(z.string(), schemaSchema),
  $defs: z.record(z.string(), schemaSchema),
});

/** A top-level key and the keys inside it. */
export interface DescribedSetting extends DescribedKey {
  /** Type as `Pulumi.yaml` declares it. */
  readonly declaredType: "string" | "array" | "object";
  /** Keys inside it, for each of its forms. */
  readonly forms: readonly DescribedForm[];
}

/** One of the forms that a setting can have. */
export interface DescribedForm {
  /** The key that tells it from the others, and its value; undefined where there are no others. */
  readonly chosenBy: { readonly key: string; readonly value: string } | undefined;
  readonly keys: readonly DescribedKey[];
}

/** What the schema says of every setting, and of the types that several of them share. */
export interface DescribedConfig {
  readonly settings: readonly DescribedSetting[];
  readonly types: readonly (DescribedKey & { readonly keys: readonly DescribedKey[] })[];
}

/** Describes every key of the stack's config, in the schema's order, secrets last. */
export function describeConfig(): DescribedConfig {
  const document = documentSchema.parse(z.toJSONSchema(settingsSchema, { io: "input" }));
  const settings = Object.entries(document.properties).map(([path, schema]) => describeSetting(path, schema));
  const types = Object.entries(document.$defs).map(([name, schema]) => ({
    ...describeKey(name, schema, false),
    keys: keysIn("", schema),
  }));
  return { settings: [...settings, ...describeSecrets()], types };
}

function describeSecrets(): readonly DescribedSetting[] {
  return Object.entries(secretKeys).map(([path, description]) => ({
    path,
    type: "secret string",
    description,
    default: undefined,
    isRequired: false,
    declaredType: "string",
    forms: [],
  }));
}

function describeSetting(path: string, schema: Schema): DescribedSetting {
  const forms = (schema.oneOf ?? [schema]).map((form) => ({
    chosenBy: schema.oneOf === undefined ? undefined : discriminatorOf(form),
    keys: keysIn(path, form),
  }));
  return {
    ...describeKey(path, schema, false),
    declaredType: declaredType(schema),
    forms: forms.filter(({ keys }) => keys.length > 0),
  };
}

/** A form is told from the others by the one key that has one value. */
function discriminatorOf({ properties = {} }: Schema): DescribedForm["chosenBy"] {
  const constants = Object.entries(properties).filter(([, schema]) => schema.const !== undefined);
  return constants.map(([key, schema]) => ({ key, value: String(schema.const) }))[0];
}

function declaredType({ type, oneOf }: Schema): "string" | "array" | "object" {
  if (oneOf !== undefined) return "object";
  if (type === "string" || type === "array" || type === "object") return type;
  throw new Error(`Pulumi declares no config key of type ${String(type)}`);
}

function keysIn(path: string, { properties = {}, required = [] }: Schema): readonly DescribedKey[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const below = path === "" ? key : `${path}.${key}`;
    return [describeKey(below, schema, required.includes(key)), ...keysIn(below, schema)];
  });
}

function describeKey(path: string, schema: Schema, isRequired: boolean): DescribedKey {
  const { description, default: value } = schema;
  if (description === undefined) throw new Error(`config key ${path} has no description`);
  return { path, type: typeInWords(schema), description, default: value, isRequired };
}

function typeInWords(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace(/^.*\//, "");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  const alternatives = schema.anyOf ?? [];
  if (alternatives.length > 0) return alternatives.map(typeInWords).join(", ");
  if (schema.items !== undefined) return `list of ${typeInWords(schema.items)}`;
  if (typeof schema.additionalProperties === "object")
    return `mapping to ${typeInWords(schema.additionalProperties)}`;
  return schema.type ?? "object";
}
