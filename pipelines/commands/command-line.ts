import { parseArgs } from "node:util";
import { join } from "node:path";
import { readStackFile, stackNamesIn } from "../../stack-files";
import { everyDeployment, type DeploymentSelection } from "../model/selection/deployment-selection";
import { knownNames } from "../model/document/nearest-name";

/** Folders that a command takes without being told any: what a stack deploys by default, and the examples. */
const defaultPaths = ["pipelines/documents", "pipelines/examples"];

/** Where the settings of stacks lie. */
const project = join(__dirname, "..", "..");

/** `--stack=name`, which every command takes. */
const stackOption = "stack";

/** What was asked of a command. */
export interface CommandLine {
  /** Name of the stack whose pipelines are meant; undefined: none was named. */
  readonly stack: string | undefined;
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
    options: {
      ...Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
      [stackOption]: { type: "string" },
    },
  });
  const options = tokens.filter((token) => token.kind === "option");
  const stack = options.find(({ name }) => name === stackOption)?.value;
  const given = options.map(({ name }) => name).filter((name) => name !== stackOption);
  for (const flag of given.filter((name) => !flags.includes(name))) {
    const known = flags.map((name) => `--${name}`);
    const expected = known.length === 0 ? "no flag" : knownNames(`--${flag}`, known);
    throw new UsageError(`found "--${flag}", expected ${expected}`);
  }
  return { words: positionals, flags: new Set(given), stack };
}

/** The pipelines that a command is about. */
export interface MeantPipelines {
  /** Files and folders to read. */
  readonly paths: readonly string[];
  /** Which of their deployments are meant. */
  readonly selection: DeploymentSelection;
}

/**
 * The pipelines that a command is about: those that a stack makes, where one is named.
 *
 * @param words - files and folders that the command was called with
 * @param usual - those that it takes without
 * @throws UsageError for a stack without settings here
 */
export function meantPipelines(
  words: readonly string[],
  { stack }: Pick<CommandLine, "stack">,
  usual: readonly string[] = defaultPaths,
): MeantPipelines {
  if (stack === undefined) return { paths: words.length === 0 ? usual : words, selection: everyDeployment };
  const file = readStackFile(project, stack);
  if (file === undefined)
    throw new UsageError(
      `STACK: found ${JSON.stringify(stack)}, which has no file here whose documents, include and exclude are in order, ` +
        `expected ${knownNames(stack, stackNamesIn(project))}`,
    );
  return { paths: words.length === 0 ? file.documents : words, selection: file };
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
