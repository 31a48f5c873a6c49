import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { z } from "zod";

/** What is wrong with a service's configuration, one line for each problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/**
 * Reads the JSON file that `--config=FILE` names.
 *
 * @param argv - arguments of the program, without those of Node
 * @throws {@link ConfigError} with every problem of the file
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  argv: readonly string[],
): z.output<Schema> {
  const file = configFile(argv);
  const parsed = schema.safeParse(readJson(file), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const at = issue.path.map(String).join(".");
      return `${file}: ${at === "" ? "" : `${at}: `}${issue.message}${found(issue.input)}`;
    }),
  );
}

function configFile(argv: readonly string[]): string {
  try {
    const { values } = parseArgs({ args: [...argv], options: { config: { type: "string" } } });
    if (values.config !== undefined) return values.config;
  } catch (error) {
    throw new ConfigError([`${reasonOf(error)}; expected --config=FILE`]);
  }
  throw new ConfigError(["no configuration: expected --config=FILE"]);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError([`${file}: ${reasonOf(error)}; expected a file with JSON`]);
  }
}

/** The value itself only where it is short; objects are in the file anyway. */
function found(input: unknown): string {
  if (input === undefined || (typeof input === "object" && input !== null)) return "";
  return `; found ${JSON.stringify(input).slice(0, 80)}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
