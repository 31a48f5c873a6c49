import { explanation } from "../view/explanation";
import { stackCapacityTable } from "../view/stack-capacity";
import { tablesText } from "../view/table";
import { usualPlatform } from "./any-platform";
import { meantPipelines, parseCommandLine, runCommand, type MeantPipelines } from "./command-line";
import { allPlans, namedPlan } from "./named-plan";

/** What a stack deploys by default: without a name, all of it is asked for, and no example. */
const stackPaths = ["pipelines/documents"];

void runCommand(() => {
  const commandLine = parseCommandLine([]);
  const [name = "", ...words] = commandLine.words;
  const tables =
    name === ""
      ? explainAll(meantPipelines(words, commandLine, stackPaths))
      : explainOne(name, meantPipelines(words, commandLine));
  process.stdout.write(tablesText(tables));
  return 0;
});

function explainAll(meant: MeantPipelines): ReturnType<typeof explanation> {
  const plans = allPlans(meant);
  return [stackCapacityTable(plans, usualPlatform(plans))];
}

function explainOne(name: string, meant: MeantPipelines): ReturnType<typeof explanation> {
  const plan = namedPlan(name, meant);
  return explanation(plan, usualPlatform([plan]));
}
