import { z } from "zod";
import type { PathStep } from "../pipelines/model/document/problem";

/**
 * The keys that a schema allows at a path; of a value with several forms, the keys of all of them.
 *
 * @param path - keys of mappings and indices of lists
 */
export function knownKeysAt(schema: z.ZodType, path: readonly PathStep[]): readonly string[] {
  const values = path.reduce<readonly z.ZodType[]>(
    (schemas, step) => schemas.flatMap(formsOf).flatMap((form) => below(form, step)),
    [schema],
  );
  return values.flatMap(formsOf).flatMap(keysOf);
}

function keysOf(form: z.ZodType): readonly string[] {
  if (form instanceof z.ZodObject) return Object.keys(form.shape);
  if (form instanceof z.ZodRecord && form.keyType instanceof z.ZodEnum)
    return form.keyType.options.map(String);
  return [];
}

function below(form: z.ZodType, step: PathStep): readonly z.ZodType[] {
  if (form instanceof z.ZodArray) return schemasIn([form.element]);
  if (form instanceof z.ZodRecord) return schemasIn([form.valueType]);
  if (!(form instanceof z.ZodObject)) return [];
  return Object.hasOwn(form.shape, step) ? schemasIn([form.shape[step]]) : [];
}

/** A value's schema without what says that it may be left out; several where it has several forms. */
function formsOf(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault)
    return schemasIn([schema.unwrap()]).flatMap(formsOf);
  if (schema instanceof z.ZodUnion) return schemasIn(schema.options).flatMap(formsOf);
  return [schema];
}

function schemasIn(values: readonly unknown[]): readonly z.ZodType[] {
  return values.filter((value) => value instanceof z.ZodType);
}
