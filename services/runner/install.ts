import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

/** Files of an installed runner, in its folder. */
export const installed = {
  /** Starts a program without anything of the image around it. */
  loader: "ld.so",
  libraries: "lib",
  node: "node",
  bundle: "runner.cjs",
} as const;

/**
 * Copies the runner to where the algo's container finds it: Node, all libraries that it needs, and the program that
 * loads them. The algo's image may have another C library or none, and no shell: the runner is started by the loader.
 *
 * @param folder - is made if need be
 * @param bundle - the runner's one file
 */
export function installRunner(folder: string, bundle: string): void {
  const libraries = join(folder, installed.libraries);
  mkdirSync(libraries, { recursive: true });
  const listed = execFileSync("ldd", [process.execPath], { encoding: "utf8" });
  for (const line of listed.split("\n")) {
    const [, path] = /(?:=>\s*|^\s+)(\/\S+)\s+\(0x/.exec(line) ?? [];
    if (path === undefined) continue;
    const isLoader = /\/ld-[^/]*$/.test(path);
    copy(path, isLoader ? join(folder, installed.loader) : join(libraries, basename(path)));
  }
  copy(process.execPath, join(folder, installed.node));
  copy(bundle, join(folder, installed.bundle));
}

function copy(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}
