import { loadDocuments } from "./model/documents";
import { planPipelines, type PlanningResult } from "./model/plan-pipelines";
import { formatProblem } from "./model/problem";

/** Folder of the documents that a stack deploys by default. */
const defaultFolder = "pipelines/documents";

// A document is good or bad without a platform, and no cluster is asked: this one has whatever a document can ask for.
const anyPlatform = {
  kafka: { brokerCount: 32, defaultReplicationFactor: 1 },
  gpu: { resourceName: "nvidia.com/gpu" },
  consumerLag: { source: "keda" } as const,
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What the command prints: every problem on a line, then one line that sums up. */
function report({ plans, problems }: PlanningResult): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const topics = plans.flatMap((plan) => plan.topics).length;
  const components = plans.flatMap((plan) => plan.components).length;
  const content = `${counted(plans.length, "deployment")} with ${counted(components, "component")} and ${counted(topics, "topic")}`;
  const summary =
    errors > 0 ? `${counted(errors, "error")}: nothing can be deployed` : `${content}: no errors`;
  return [...problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`), summary].join("\n");
}

const paths = process.argv.slice(2);
const result = planPipelines(loadDocuments(paths.length === 0 ? [defaultFolder] : paths), anyPlatform);
console.log(report(result));
process.exitCode = result.problems.some(({ severity }) => severity === "error") ? 1 : 0;
