import { explanation } from "../view/explanation";
import { stackCapacityTable } from "../view/stack-capacity";
import { tablesText } from "../view/table";
import { usualPlatform } from "./any-platform";
import { documentPaths, parseCommandLine, runCommand } from "./command-line";
import { allPlans, namedPlan } from "./named-plan";

/** What a stack deploys by default: without a name, all of it is asked for, and no example. */
const stackPaths = ["pipelines/documents"];

void runCommand(() => {
  const [name = "", ...paths] = parseCommandLine([]).words;
  process.stdout.write(tablesText(name === "" ? explainAll(paths) : explainOne(name, paths)));
  return 0;
});

function explainAll(paths: readonly string[]): ReturnType<typeof explanation> {
  const plans = allPlans(paths.length === 0 ? stackPaths : paths);
  return [stackCapacityTable(plans, usualPlatform(plans))];
}

function explainOne(name: string, paths: readonly string[]): ReturnType<typeof explanation> {
  const plan = namedPlan(name, documentPaths(paths));
  return explanation(plan, usualPlatform([plan]));
}
