import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { UserError } from "../user-error";

const execute = promisify(execFile);

/** Longest output that is kept, in bytes: the state of a stack of a thousand pipelines. */
const outputLimit = 512 * 1024 * 1024;

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/**
 * Runs a program to its end.
 *
 * @returns its standard output.
 * @throws UserError with what it wrote to standard error, or what Pulumi calls diagnostics, if it fails.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  try {
    const running = execute(program, args, { ...options, maxBuffer: outputLimit });
    running.child.stdin?.end(options.input);
    return (await running).stdout;
  } catch (error) {
    const reason = saidBy(error, "stderr") || diagnosticsOf(saidBy(error, "stdout")) || String(error);
    throw new UserError(`${basename(program)} ${args.slice(0, 2).join(" ")} failed: ${reason}`);
  }
}

function saidBy(error: unknown, stream: "stdout" | "stderr"): string {
  return (
    z
      .object({ [stream]: z.string() })
      .safeParse(error)
      .data?.[stream]?.trim() ?? ""
  );
}

/** Pulumi writes to its standard output why an update or a refresh has failed, after all that went well. */
function diagnosticsOf(output: string): string {
  return /^Diagnostics:\n([\s\S]*?)(?=^\w+:\n|(?![\s\S]))/m.exec(output)?.[1]?.trim() ?? "";
}
