import { createHash } from "node:crypto";

/** Order of texts that is the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The same entries, sorted by key. */
export function sortedByKey<V>(entries: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => compareText(a, b)));
}

/** The distinct texts, sorted. */
export function distinct(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compareText);
}

/** Eight hexadecimal digits that stand for a text: enough to tell two shortened names apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** `"a", "b" or "c"`. */
export function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  if (quoted.length < 2) return quoted[0] ?? "nothing";
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
}
