import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

/** Name under which the engine looks for the host. */
const executableName = "pulumi-language-nodejs";

/**
 * Puts the language host into a folder as one executable file that needs nothing beside it but Node: the
 * gRPC stubs of the Pulumi SDK that is installed here are part of it. The folder should be that of the
 * `pulumi` binary; elsewhere on PATH the engine warns of it at every start. A file that is there is
 * replaced as a whole, so that an engine never sees half of one.
 *
 * @param directory - folder, made if it does not exist
 */
export async function installLanguageHost(directory: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "main.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    banner: { js: "#!/usr/bin/env node" },
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild made no output for the language host.");
  await mkdir(directory, { recursive: true });
  const unfinished = join(directory, `.${executableName}.${process.pid}`);
  try {
    await writeFile(unfinished, bundle.contents);
    await chmod(unfinished, 0o755);
    await rename(unfinished, join(directory, executableName));
  } finally {
    await rm(unfinished, { force: true });
  }
}
