import { explanation } from "../view/explanation";
import { tablesText } from "../view/table";
import { documentPaths, parseCommandLine, runCommand } from "./command-line";
import { namedPlan } from "./named-plan";

void runCommand(() => {
  const [name = "", ...paths] = parseCommandLine([]).words;
  process.stdout.write(tablesText(explanation(namedPlan(name, documentPaths(paths)))));
  return 0;
});
