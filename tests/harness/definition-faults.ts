import { z } from "zod";

/** What we use of the schema language of CustomResourceDefinitions. */
interface CheckedSchema {
  readonly type?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minItems?: number | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly required?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, CheckedSchema>> | undefined;
  readonly additionalProperties?: CheckedSchema | undefined;
  readonly items?: CheckedSchema | undefined;
  readonly x_kubernetes_preserve_unknown_fields?: boolean | undefined;
}

const checkedSchema: z.ZodType<CheckedSchema> = z.lazy(() =>
  z.strictObject({
    type: z.enum(["object", "array", "string", "integer", "boolean"]).optional(),
    enum: z.array(z.unknown()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minItems: z.number().optional(),
    minProperties: z.number().optional(),
    maxProperties: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), checkedSchema).optional(),
    additionalProperties: checkedSchema.optional(),
    items: checkedSchema.optional(),
    x_kubernetes_preserve_unknown_fields: z.boolean().optional(),
  }),
);

/**
 * What a strict API server would say of a value, as `path: reason`.
 *
 * @param definition - schema as a CustomResourceDefinition has it
 */
export function definitionFaults(definition: unknown, value: unknown, path = "spec"): readonly string[] {
  return faultsOf(checkedSchema.parse(definition), value, path);
}

function faultsOf(schema: CheckedSchema, value: unknown, path: string): readonly string[] {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: not in the enumeration`];
  switch (schema.type) {
    case "string":
    case "boolean":
      return typeof value === schema.type ? [] : [`${path}: no ${schema.type}`];
    case "integer":
      return integerFaults(schema, value, path);
    case "array":
      if (!Array.isArray(value)) return [`${path}: no array`];
      return [
        ...(value.length < (schema.minItems ?? 0) ? [`${path}: too few`] : []),
        ...value.flatMap((item, index) => faultsOf(schema.items ?? {}, item, `${path}[${index}]`)),
      ];
    case "object":
      return objectFaults(schema, value, path);
    case undefined:
    default:
      return [];
  }
}

function integerFaults(
  { minimum = -Infinity, maximum = Infinity }: CheckedSchema,
  value: unknown,
  path: string,
): readonly string[] {
  if (typeof value !== "number" || !Number.isInteger(value)) return [`${path}: no integer`];
  return value < minimum || value > maximum ? [`${path}: out of bounds`] : [];
}

function objectFaults(schema: CheckedSchema, value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${path}: no object`];
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const { minProperties = 0, maxProperties = Infinity, properties = {}, required = [] } = schema;
  const names = fields.map(([name]) => name);
  return [
    ...(fields.length < minProperties || fields.length > maxProperties ? [`${path}: wrong number`] : []),
    ...required.filter((name) => !names.includes(name)).map((name) => `${path}.${name}: missing`),
    ...fields.flatMap(([name, inner]) => {
      const known = properties[name] ?? schema.additionalProperties;
      if (known !== undefined) return faultsOf(known, inner, `${path}.${name}`);
      return schema.x_kubernetes_preserve_unknown_fields === true ? [] : [`${path}.${name}: unknown`];
    }),
  ];
}
