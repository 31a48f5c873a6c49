import * as pulumi from "@pulumi/pulumi";
import { loadPlans, type PlanningResult } from "./model/plan-pipelines";
import type { PipelinePlan, RateLimitPlan } from "./model/plan/plan";
import type { PlatformFacts } from "./model/platform-facts";
import { DocumentError, formatProblem } from "./model/document/problem";

/**
 * Plans all documents of a stack, and shows their warnings.
 *
 * @param paths - files and folders
 * @throws pulumi.RunError with all mistakes of all documents, each with its file and line
 */
export function planDocuments(paths: readonly string[], facts: PlatformFacts): readonly PipelinePlan[] {
  const { plans, problems } = load(paths, facts);
  for (const problem of problems) void pulumi.log.warn(formatProblem(problem));
  return plans;
}

function load(paths: readonly string[], facts: PlatformFacts): PlanningResult {
  try {
    return loadPlans(paths, facts);
  } catch (error) {
    throw error instanceof DocumentError ? new pulumi.RunError(error.message) : error;
  }
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
  return Object.fromEntries(plans.map(({ id, rateLimits }) => [id, rateLimits]));
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
