import type { Finding } from "./rule";
import type { Value } from "./value";

/**
 * Writes what findings bring as their repair into the properties of a resource. What stands around it stays as it is,
 * secrets and values that are not known yet included; a repair below such a value is left out.
 *
 * @param props - as the SDK hands them out; changed in place
 * @returns whether anything was written
 */
export function repair(props: object, findings: Iterable<Finding>): boolean {
  let isChanged = false;
  for (const { field, repair: value } of findings) {
    if (value === undefined) continue;
    isChanged = write(props, field.keys, value) || isChanged;
  }
  return isChanged;
}

function write(props: object, keys: readonly (string | number)[], value: Value): boolean {
  const last = keys.at(-1);
  if (last === undefined) return false;
  let holder = props;
  for (const key of keys.slice(0, -1)) {
    const next = holderAt(holder, key);
    if (next === undefined) return false;
    holder = next;
  }
  return Reflect.set(holder, last, value);
}

/** The map or list below a key, made when there is nothing; undefined when something else stands there. */
function holderAt(holder: object, key: string | number): object | undefined {
  const found = readable(holder, key);
  if (found === undefined) return undefined;
  const { value } = found;
  if (value === undefined || value === null) {
    Reflect.set(holder, key, {});
    const made = readable(holder, key)?.value;
    return typeof made === "object" && made !== null ? made : undefined;
  }
  return isPlain(value) ? value : undefined;
}

/** The SDK throws when a value is read that the preview does not know yet. */
function readable(holder: object, key: string | number): { readonly value: unknown } | undefined {
  try {
    return { value: Reflect.get(holder, key) };
  } catch {
    return undefined;
  }
}

/** A list, or a map that is no wrapper such as that of a secret. */
function isPlain(value: unknown): value is object {
  if (Array.isArray(value)) return true;
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
