import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RenderedFiles } from "./rendered-stack";

/** Marks a folder as rendered: only such a folder may be emptied. */
const marker = ".rendered";

/**
 * Makes a folder hold what was rendered, and nothing else.
 *
 * @throws pulumi.RunError for a folder with anything that was not rendered
 */
export function writeRendered(folder: string, files: RenderedFiles): void {
  const isForeign = existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, marker));
  if (isForeign)
    throw new pulumi.RunError(
      `OUT: found files in ${folder} that were not rendered, expected an empty folder or one of an earlier render`,
    );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, marker), "What `make render` wrote here is replaced as a whole.\n");
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: file.startsWith("secrets/") ? 0o600 : 0o644 });
  }
}
