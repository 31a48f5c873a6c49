/** Freezes plain data to its depth, and drops keys whose value is undefined, so that it equals its JSON. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const key of Object.keys(value)) {
    const inner: unknown = Reflect.get(value, key);
    if (inner === undefined) Reflect.deleteProperty(value, key);
    else frozen(inner);
  }
  return Object.freeze(value);
}

/** The fields that have a value. */
export function present<V extends string | number | boolean>(
  fields: Readonly<Record<string, V | undefined>>,
): Record<string, V> {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
