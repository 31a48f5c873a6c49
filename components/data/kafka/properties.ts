/**
 * Renders Java's properties format, sorted by key, so that the same settings are always the same text.
 *
 * @param values - settings; a backslash is doubled, since the format takes a single one away
 */
export function renderProperties(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${String(value).replaceAll("\\", "\\\\")}\n`)
    .join("");
}
