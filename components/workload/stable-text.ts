import { createHash } from "node:crypto";
import { dump } from "js-yaml";

/**
 * Renders a value as JSON with sorted keys and a line break at the end, so that the same value is always the same text.
 *
 * @param value - plain data; fields that are undefined are left out
 */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), undefined, 2)}\n`;
}

/**
 * Renders a value as YAML with sorted keys, so that the same value is always the same text.
 *
 * @param value - plain data; fields that are undefined are left out
 */
export function stableYaml(value: unknown): string {
  return dump(sorted(value), { lineWidth: -1, noRefs: true });
}

/** SHA-256 of a value's stable JSON, in hexadecimal. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(stableJson(value)).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}
