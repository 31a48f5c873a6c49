import { loadDocuments } from "../model/document/documents";
import { knownNames } from "../model/document/nearest-name";
import type { PipelinePlan } from "../model/plan/plan";
import { planPipelines } from "../model/plan-pipelines";
import { formatProblem } from "../model/document/problem";
import { isSelected } from "../model/selection/deployment-selection";
import { distinct } from "../model/values/text";
import { anyPlatform } from "./any-platform";
import { UsageError, type MeantPipelines } from "./command-line";

/**
 * The plans of all deployments that are meant.
 *
 * @throws UsageError with all errors of all documents, or when they describe no such deployment
 */
export function allPlans({ paths, selection }: MeantPipelines): readonly PipelinePlan[] {
  const { plans, problems } = planPipelines(loadDocuments(paths), anyPlatform, selection);
  const errors = problems.filter(({ severity }) => severity === "error").map(formatProblem);
  if (errors.length > 0) throw new UsageError(errors.join("\n"));
  if (plans.length === 0) throw new UsageError(`found no deployment in ${paths.join(", ")}`);
  return plans;
}

/**
 * The plan of one deployment. Mistakes in documents of others don't matter to it; its own are shown on standard error.
 *
 * @param id - `{owner}.{name}`
 * @throws UsageError naming the nearest when there is no such deployment, and why when its document has errors
 */
export function namedPlan(id: string, { paths, selection }: MeantPipelines): PipelinePlan {
  const documents = loadDocuments(paths);
  const { plans, problems } = planPipelines(documents, anyPlatform, selection);
  const ids = distinct(
    documents.deployments.map(({ document: { spec } }) => `${spec.deploymentOwner}.${spec.deploymentName}`),
  ).filter((each) => isSelected(each, selection));
  if (id === "") throw new UsageError(`NAME is missing, expected ${knownNames("", ids)}`);
  const plan = plans.find((candidate) => candidate.id === id);
  if (plan === undefined) {
    const errors = problems.filter(({ severity }) => severity === "error").map(formatProblem);
    const reason = ids.includes(id)
      ? `${id} can't be planned`
      : `found no deployment ${JSON.stringify(id)}, expected ${ids.length === 0 ? "a document that describes it" : knownNames(id, ids)}`;
    throw new UsageError([...errors, reason].join("\n"));
  }
  for (const problem of problems.filter(({ file }) => file === plan.source.file)) {
    console.error(`${problem.severity} ${formatProblem(problem)}`);
  }
  return plan;
}
