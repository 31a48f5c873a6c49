import { createRequire } from "node:module";
import { join } from "node:path";

import { errorColoursLoop } from "./error-colours";
import { UsageError } from "./rpc";
import type { RuntimeOptions } from "./runtime-options";

/** An entry point of the SDK that a host starts programs with. */
export type EntryPoint = "run" | "run-plugin" | "run-policy-pack";

/**
 * Finds an entry point in the SDK that a program has installed: its own one, never one of the host's,
 * because program and entry point must share one copy of the SDK.
 *
 * @throws UsageError if the program has no SDK
 */
export function findEntryPoint(entryPoint: EntryPoint, programDirectory: string): string {
  const name = `@pulumi/pulumi/cmd/${entryPoint}`;
  try {
    return createRequire(join(programDirectory, "package.json")).resolve(name);
  } catch {
    // The first words are what the engine looks for to say the same of a policy pack.
    throw new UsageError(
      `Cannot find module '${name}' from ${programDirectory}: the dependencies are not installed. ` +
        "Run `npm install` there, then try again.",
    );
  }
}

/**
 * The start of a Node command line for a program: the host itself as a preloaded module where Node needs
 * it, then the project's own arguments. It is `-r`, not `--require`: the SDK takes the long form for a
 * module loader of the user and then does without its own one for ES modules.
 */
export function nodeArguments(options: RuntimeOptions): readonly string[] {
  return [...(errorColoursLoop() ? ["-r", __filename] : []), ...options.nodeArguments];
}
