import { environmentTools } from "../environment";
import { isToolName, toolNames } from "../toolchain/definitions";
import type { ToolName } from "../toolchain/tool";
import { resolveTools } from "../toolchain/toolchain";
import { UserError } from "../user-error";
import { runCommand } from "./command";

/** The tools that somebody asks for: those of the environment by default, `all` also has what only tests run. */
function chosenTools(args: readonly string[]): readonly ToolName[] {
  if (args.length === 0) return environmentTools;
  return args.flatMap((name) => {
    if (name === "all") return toolNames;
    if (isToolName(name)) return [name];
    throw new UserError(`There is no tool ${name}. There are: all, ${toolNames.join(", ")}.`);
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
