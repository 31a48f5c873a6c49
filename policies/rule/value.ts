/** Stands for a value that is computed during the update: a preview can't know it. */
export const notYetKnown: unique symbol = Symbol("known after the update");

/** A property of a resource as plain data. */
export type Value =
  | string
  | number
  | boolean
  | null
  | typeof notYetKnown
  | readonly Value[]
  | { readonly [key: string]: Value };

/**
 * Copies what the engine hands to a policy into plain data. The SDK throws when a value is read that the
 * preview does not know yet, which would end the whole rule; here it becomes {@link notYetKnown}, so that
 * everything beside it is still judged.
 *
 * @param raw - a resource's properties, or a part of them
 */
export function plainValue(raw: unknown): Value {
  if (typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean") return raw;
  if (raw === notYetKnown) return notYetKnown;
  if (typeof raw !== "object" || raw === null) return null;
  // Where a rule may repair, the SDK wraps lists in a way that map and its like can't be called on them.
  if (Array.isArray(raw))
    return Array.from({ length: raw.length }, (_, index) => valueAt(raw, String(index)));
  return Object.fromEntries(Object.keys(raw).map((key) => [key, valueAt(raw, key)]));
}

function valueAt(holder: object, key: string): Value {
  try {
    return plainValue(Reflect.get(holder, key));
  } catch (error) {
    if (isUnknownValueError(error)) return notYetKnown;
    throw error;
  }
}

/** The SDK does not export its error class; this field of it is what tells it apart. */
function isUnknownValueError(error: unknown): boolean {
  return error instanceof Error && "unknownTypeSentinel" in error;
}
