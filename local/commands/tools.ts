import { environmentTools } from "../environment";
import { toolDefinitions } from "../toolchain/definitions";
import type { ToolName } from "../toolchain/tool";
import { resolveTools } from "../toolchain/toolchain";
import { UserError } from "../user-error";
import { runCommand } from "./command";

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolDefinitions, name);
}

/** The tools that somebody asks for: those of the environment by default, `all` also has what only tests run. */
function chosenTools(args: readonly string[]): readonly ToolName[] {
  const all = Object.keys(toolDefinitions).filter(isToolName);
  if (args.length === 0) return environmentTools;
  return args.flatMap((name) => {
    if (name === "all") return all;
    if (isToolName(name)) return [name];
    throw new UserError(`There is no tool ${name}. There are: all, ${all.join(", ")}.`);
  });
}

/** `make tools`: gets or builds what `make up` runs, or the tools that are named, and says where each is. */
runCommand(async () => {
  const names = chosenTools(process.argv.slice(2));
  const tools = await resolveTools(names);
  for (const name of names) {
    const { version, source, path } = tools[name];
    console.log(`${name.padEnd(20)} ${version.padEnd(11)} ${source.padEnd(9)} ${path}`);
  }
  return 0;
});
