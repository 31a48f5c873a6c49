/** A table with a title. */
export interface Table {
  readonly title: string;
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** As many cells as columns; a cell may have several lines. */
  readonly rows: readonly (readonly string[])[];
}

const gap = "  ";

/**
 * Tables as text for a terminal: columns as wide as their widest cell. A table without rows is left out, and so is a
 * column without text.
 */
export function tablesText(tables: readonly Table[]): string {
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => tableText(withoutEmptyColumns(table)))
    .join("\n");
}

function withoutEmptyColumns({ title, columns, rows }: Table): Table {
  const isUsed = (_: unknown, column: number): boolean => rows.some((row) => row[column] !== "");
  return { title, columns: columns.filter(isUsed), rows: rows.map((row) => row.filter(isUsed)) };
}

function tableText({ title, columns, rows }: Table): string {
  const cells = [columns.map((column) => column.toUpperCase()), ...rows].map((row) =>
    row.map((cell) => cell.split("\n")),
  );
  const widths = columns.map((_, column) =>
    Math.max(...cells.flatMap((row) => (row[column] ?? []).map(({ length }) => length))),
  );
  const lines = cells.flatMap((row) => {
    const height = Math.max(...row.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      row
        .map((cell, column) => (cell[line] ?? "").padEnd(widths[column] ?? 0))
        .join(gap)
        .trimEnd(),
    );
  });
  return [title, ...lines.map((line) => (line === "" ? line : gap + line)), ""].join("\n");
}
