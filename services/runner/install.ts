import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { z } from "zod";

/** Files of an installed runner, in its folder. */
export const installed = {
  /** Starts a program without anything of the image around it. */
  loader: "ld.so",
  libraries: "lib",
  node: "node",
  bundle: "runner.cjs",
} as const;

/** Of Node's report on itself: the libraries in its memory. */
const loaded = z.object({ sharedObjects: z.array(z.string()) });

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
  // What is loaded is what must be there. The last one is the kernel's, and no file.
  const { sharedObjects } = loaded.parse(process.report.getReport());
  for (const path of sharedObjects.filter(isAbsolute)) {
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
