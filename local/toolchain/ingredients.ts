import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Names and contents of all files below a folder, in a fixed order, as ingredients of a recipe. */
export async function contentsOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (path) => `${relative(folder, path)}\n${await readFile(path, "utf8")}`),
  );
}
