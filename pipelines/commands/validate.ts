import { loadDocuments } from "../model/document/documents";
import { planPipelines, type PlanningResult } from "../model/plan-pipelines";
import { formatProblem } from "../model/document/problem";
import { counted } from "../view/counted";
import { anyPlatform } from "./any-platform";
import { meantPipelines, parseCommandLine, runCommand } from "./command-line";

/** What was found, as numbers. */
interface Summary {
  readonly deployments: number;
  readonly components: number;
  readonly topics: number;
  readonly errors: number;
  readonly warnings: number;
}

function summaryOf({ plans, problems }: PlanningResult): Summary {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return {
    deployments: plans.length,
    components: plans.flatMap((plan) => plan.components).length,
    topics: plans.flatMap((plan) => plan.topics).length,
    errors,
    warnings: problems.length - errors,
  };
}

function inWords({ deployments, components, topics, errors, warnings }: Summary): string {
  const besides = warnings === 0 ? "" : `, ${counted(warnings, "warning")}`;
  if (errors > 0) return `${counted(errors, "error")}${besides}: nothing can be deployed`;
  const content = `${counted(deployments, "deployment")} with ${counted(components, "component")} and ${counted(topics, "topic")}`;
  return `${content}: no errors${besides}`;
}

void runCommand(() => {
  const commandLine = parseCommandLine(["json"]);
  const { words, flags } = commandLine;
  const { paths, selection } = meantPipelines(words, commandLine);
  const result = planPipelines(loadDocuments(paths), anyPlatform, selection);
  const summary = summaryOf(result);
  if (flags.has("json")) {
    console.log(JSON.stringify({ ...summary, problems: result.problems }, null, 2));
  } else {
    const lines = result.problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`);
    console.log([...lines, inWords(summary)].join("\n"));
  }
  return summary.errors > 0 ? 1 : 0;
});
