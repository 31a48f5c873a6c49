/** A table in Markdown; columns of figures stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Messages in a second, such as `12,300`: three digits count. */
export function perSecondText(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}

/** Milliseconds with a digit behind the point below ten. */
export function millisecondsText(value: number): string {
  return Number.isNaN(value)
    ? "–"
    : value < 10
      ? value.toFixed(1)
      : Math.round(value).toLocaleString("en-US");
}
