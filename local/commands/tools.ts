import { environmentTools } from "../environment";
import { resolveTools } from "../toolchain/toolchain";
import { runCommand } from "./command";

/** `make tools`: gets or builds what `make up` runs, and says where it is. */
runCommand(async () => {
  const tools = await resolveTools(environmentTools);
  const lines = environmentTools.map((name) => `${name.padEnd(20)} ${tools[name].path}`);
  console.log(lines.join("\n"));
  return 0;
});
