import type { PlannedDeployment } from "../deployment-planner";
import { rolloutAt, type LinkedRollout } from "../link/link-rollout";
import type { EndpointPathPlan, PipelinePlan } from "../plan/plan";
import type { ProblemReport } from "../document/problem";
import { distinct } from "../values/text";

/** Warns of requests that a deployment takes, and one that it shares them with would refuse for their size. */
export function reportRolloutBodies(planned: readonly PlannedDeployment[], report: ProblemReport): void {
  const byId = new Map(planned.map((deployment) => [deployment.plan.id, deployment]));
  for (const { plan, linked } of planned) {
    for (const id of targetsOf(linked.rollout)) {
      const target = byId.get(id);
      if (target === undefined) continue;
      for (const path of pathsOf(plan)) {
        const most = pathsOf(target.plan).find(({ name }) => name === path.name)?.maxBodyBytes;
        if (path.maxBodyBytes === undefined || most === undefined || most >= path.maxBodyBytes) continue;
        const { source } = target.linked;
        const place = `${source.file}:${source.lineOf(["spec", "endpoint"])}`;
        const message = `${id} (${place}) takes bodies of ${most} bytes at the path ${path.name}, and ${plan.id} of ${path.maxBodyBytes}, so that it refuses larger ones; state the same maxBodySize`;
        report.warning(linked.source, rolloutAt, message);
      }
    }
  }
}

function pathsOf({ components }: PipelinePlan): readonly EndpointPathPlan[] {
  return components.flatMap((component) => (component.kind === "endpoint" ? component.paths : []));
}

function targetsOf({ canaries, shadow, headers }: LinkedRollout): readonly string[] {
  const targets = [...canaries, ...headers, ...(shadow === undefined ? [] : [shadow])];
  return distinct(targets.map(({ target }) => target.id));
}
