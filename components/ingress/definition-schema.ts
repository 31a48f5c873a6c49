import type * as k8s from "@pulumi/kubernetes";

/** A schema as a CustomResourceDefinition has it. */
export type Schema = k8s.types.input.apiextensions.v1.JSONSchemaProps;

type Properties = Readonly<Record<string, Schema>>;

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };
export const integer: Schema = { type: "integer" };
/** A whole number from 0. */
export const count: Schema = { type: "integer", minimum: 0 };
/** A duration; 0 means none. */
export const milliseconds: Schema = count;
export const anything: Schema = { x_kubernetes_preserve_unknown_fields: true };

/** A list. */
export function listOf(items: Schema, minItems?: number): Schema {
  return { type: "array", items, ...(minItems !== undefined && { minItems }) };
}

/** A mapping whose keys are free. */
export function mapOf(additionalProperties: Schema): Schema {
  return { type: "object", additionalProperties };
}

/** One of some texts. */
export function choice(...values: readonly string[]): Schema {
  return { type: "string", enum: [...values] };
}

/** An object whose named fields are checked, and that has no others: those are unknown to a strict API server. */
export function closed(properties: Properties, required: readonly string[] = []): Schema {
  return {
    type: "object",
    properties: { ...properties },
    ...(required.length > 0 && { required: [...required] }),
  };
}

/**
 * An object whose named fields are checked; what else it has is kept as it is. The API server drops what is empty, so
 * that it must not be written: every preview would show it as a change.
 */
export function open(properties: Properties = {}, required: readonly string[] = []): Schema {
  const fields = Object.keys(properties).length === 0 ? { type: "object" } : closed(properties, required);
  return { ...fields, x_kubernetes_preserve_unknown_fields: true };
}
