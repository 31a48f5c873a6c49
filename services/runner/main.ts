import { runService } from "@algorun/common";
import { installRunner } from "./install";
import { startRunner } from "./start-runner";

const [command, folder, ...others] = process.argv.slice(2);
if (command !== "install") runService(() => startRunner(process.argv.slice(2), process.env));
else if (folder !== undefined && others.length === 0) installRunner(folder, __filename);
else {
  console.error("expected: install FOLDER");
  process.exitCode = 2;
}
