import * as pulumi from "@pulumi/pulumi";
import { settingsError } from "../config/parse-settings";
import { loadDocuments } from "./model/document/documents";
import { DocumentError, formatProblem } from "./model/document/problem";
import { planPipelines, type PlanningResult } from "./model/plan-pipelines";
import type { PipelinePlan, RateLimitPlan } from "./model/plan/plan";
import type { PlatformFacts } from "./model/platform-facts";
import {
  everyDeployment,
  selectionProblems,
  type DeploymentSelection,
  type SiblingStack,
} from "./model/selection/deployment-selection";
import { sortedByKey } from "./model/values/text";

/** What documents are planned for. */
export interface PlanningOrder {
  /** Files and folders. */
  readonly documents: readonly string[];
  readonly facts: PlatformFacts;
  /** Deployments that this stack makes. @default all */
  readonly selection?: DeploymentSelection;
  /** Other stacks that make pipelines on the same platform. @default none is known */
  readonly siblings?: readonly SiblingStack[];
}

/**
 * Plans all documents of a stack, and shows their warnings.
 *
 * @throws pulumi.RunError with all mistakes of all documents, each with its file and line, and all mistakes in the selection
 */
export function planDocuments({
  documents,
  facts,
  selection = everyDeployment,
  siblings = [],
}: PlanningOrder): PlanningResult {
  const result = planPipelines(loadDocuments(documents), facts, selection);
  const { ids, plans, leftOut, problems } = result;
  const selectionMistakes = selectionProblems({ ids, plans: [...plans, ...leftOut] }, selection, siblings);
  const errors = [
    ...(selectionMistakes.length > 0 ? [settingsError(selectionMistakes).message] : []),
    ...(problems.some(({ severity }) => severity === "error") ? [new DocumentError(problems).message] : []),
  ];
  if (errors.length > 0) throw new pulumi.RunError(errors.join("\n"));
  for (const problem of problems) void pulumi.log.warn(formatProblem(problem));
  return result;
}

/** Whether some endpoint takes media streams. */
export function takesMediaStreams({ components }: PipelinePlan): boolean {
  return components.some(
    (component) =>
      component.kind === "endpoint" && component.paths.some(({ protocol }) => protocol === "rtmp"),
  );
}

/** Limits that deployments have of their own, by `owner.name`. */
export function rateLimitsOf(
  plans: readonly PipelinePlan[],
): Readonly<Record<string, readonly RateLimitPlan[]>> {
  return sortedByKey(Object.fromEntries(plans.map(({ id, rateLimits }) => [id, rateLimits])));
}

/**
 * Makes something of each plan, after what is made of those that it rolls out to.
 *
 * @param make - given a plan, and what was made of its rollouts' targets
 * @returns what was made, in the order of the plans
 */
export function targetsFirst<Made>(
  plans: readonly PipelinePlan[],
  make: (plan: PipelinePlan, rolloutTargets: readonly Made[]) => Made,
): readonly Made[] {
  const byId = new Map(plans.map((plan) => [plan.id, plan]));
  const made = new Map<string, Made>();
  const madeOf = (plan: PipelinePlan): Made => {
    const earlier = made.get(plan.id);
    if (earlier !== undefined) return earlier;
    const targets = plan.rolloutTargets.flatMap((id) => byId.get(id) ?? []);
    const now = make(plan, targets.map(madeOf));
    made.set(plan.id, now);
    return now;
  };
  return plans.map(madeOf);
}
