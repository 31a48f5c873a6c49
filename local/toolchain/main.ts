import { parseArgs } from "node:util";
import { UserError } from "../user-error";
import { toolDefinitions } from "./definitions";
import { resolveTools } from "./toolchain";
import type { ToolName } from "./tool";

const usage = `usage: tsx local/toolchain/main.ts resolve all|TOOL...

Makes sure that tools can be run, and prints where each one is.
Tools: ${Object.keys(toolDefinitions).join(", ")}`;

function isToolName(name: string): name is ToolName {
  return name in toolDefinitions;
}

function parseNames(args: readonly string[]): readonly ToolName[] {
  const known = Object.keys(toolDefinitions).filter(isToolName);
  return args.flatMap((name) => {
    if (name === "all") return known;
    if (isToolName(name)) return [name];
    throw new UserError(`There is no tool ${name}. There are: all, ${known.join(", ")}.`);
  });
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [command, ...args] = positionals;
  if (command !== "resolve" || args.length === 0) throw new UserError(usage);
  const names = parseNames(args);
  const tools = await resolveTools(names);
  for (const name of names) {
    const { version, source, path } = tools[name];
    console.log([name.padEnd(20), version.padEnd(11), source.padEnd(9), path].join(" "));
  }
}

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
