import type { Field } from "./field";

/** What each suffix of a Kubernetes quantity multiplies by. */
const multipliers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * Gives the size of a Kubernetes quantity, in its base unit (cores, bytes).
 *
 * @param text - `500m`, `1.5Gi`, `1e3`
 * @returns undefined when it is no quantity
 */
export function quantitySize(text: string): number | undefined {
  const parts = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?<suffix>[a-zA-Z]*)$/.exec(
    text,
  )?.groups;
  const multiplier = multipliers[parts?.suffix ?? "none"];
  return parts?.number === undefined || multiplier === undefined
    ? undefined
    : Number(parts.number) * multiplier;
}

/** The size of the quantity in a field; undefined when there is none. */
export function sizeOf(field: Field): number | undefined {
  return field.text === undefined ? field.number : quantitySize(field.text);
}
