import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { RenderedFiles } from "../../render/rendered-stack";

/** The files under review in a folder, by path. */
export function readGolden(folder: string): RenderedFiles {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path, "utf8")];
    }),
  );
}
