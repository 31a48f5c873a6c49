import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

/** A part of a page of the documentation that a command writes, between two comments. */
export interface PagePart {
  /** Name of the file in `docs/`. */
  readonly page: string;
  /** The command that writes it. */
  readonly command: string;
}

/**
 * A page with another text in one of its parts.
 *
 * @throws Error when the page has no such part
 */
export function withPart(page: string, command: string, text: string): string {
  const begin = `<!-- written by ${command} -->`;
  const end = `<!-- end of what ${command} has written -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`the page has no lines ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** Writes a part of a page anew. */
export async function writePart({ page, command }: PagePart, text: string): Promise<void> {
  const file = join(__dirname, "..", "..", "docs", page);
  const written = withPart(readFileSync(file, "utf8"), command, text);
  writeFileSync(file, await format(written, { ...(await resolveConfig(file)), parser: "markdown" }));
  console.log(`wrote docs/${page}`);
}
