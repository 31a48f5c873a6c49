import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../user-error";

const execute = promisify(execFile);

/** Longest output that is kept, in bytes. */
const outputLimit = 64 * 1024 * 1024;

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
 * @throws UserError with what it wrote to standard error, if it fails.
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
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    const reason = said === "" && error instanceof Error ? error.message : said;
    throw new UserError(`${basename(program)} ${args.slice(0, 2).join(" ")} failed: ${reason}`);
  }
}
