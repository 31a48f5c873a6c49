import { parseArgs } from "node:util";
import { knownNames } from "../model/document/nearest-name";

/** Folders that a command takes without being told any: what a stack deploys by default, and the examples. */
const defaultPaths = ["pipelines/documents", "pipelines/examples"];

/** What was asked of a command. */
export interface CommandLine {
  /** Words without a flag, in order. */
  readonly words: readonly string[];
  /** Flags that are set. */
  readonly flags: ReadonlySet<string>;
}

/** A mistake in how a command is called: its message is all that the user needs to see. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Parses the arguments of this process.
 *
 * @param flags - names of the flags that the command knows, without `--`
 * @throws UsageError for a flag that is not known
 */
export function parseCommandLine(flags: readonly string[]): CommandLine {
  const { positionals, tokens } = parseArgs({
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
  });
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  for (const flag of given.filter((name) => !flags.includes(name))) {
    const known = flags.map((name) => `--${name}`);
    const expected = known.length === 0 ? "no flag" : knownNames(`--${flag}`, known);
    throw new UsageError(`found "--${flag}", expected ${expected}`);
  }
  return { words: positionals, flags: new Set(given) };
}

/** The files and folders that a command is to read. */
export function documentPaths(words: readonly string[]): readonly string[] {
  return words.length === 0 ? defaultPaths : words;
}

/**
 * Runs a command and sets the exit code of the process: a {@link UsageError} is printed as one line and ends with 2.
 *
 * @param work - returns the exit code
 */
export async function runCommand(work: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
