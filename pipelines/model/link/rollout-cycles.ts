import type { DeploymentDirectory, ListedDeployment } from "./deployment-directory";
import { statedTargets } from "./link-rollout";
import type { PathStep, ProblemReport } from "../document/problem";

/** A rollout, from one deployment to another. */
interface Step {
  readonly from: ListedDeployment;
  readonly to: ListedDeployment;
  readonly path: readonly PathStep[];
}

/** Reports deployments that roll out to each other in a circle, each circle once: nobody could say which is the newer. */
export function reportRolloutCycles(directory: DeploymentDirectory, report: ProblemReport): void {
  const finished = new Set<string>();
  for (const id of directory.ids) {
    const start = directory.find(id);
    if (start !== undefined) follow(start, [], finished, directory, report);
  }
}

function follow(
  deployment: ListedDeployment,
  way: readonly Step[],
  finished: Set<string>,
  directory: DeploymentDirectory,
  report: ProblemReport,
): void {
  const begin = way.findIndex(({ from }) => from.id === deployment.id);
  if (begin !== -1) {
    reportCircle(way.slice(begin), report);
    return;
  }
  if (finished.has(deployment.id)) return;
  for (const { target, path } of statedTargets(deployment.spec.endpoint?.rollout)) {
    const to = directory.target(deployment, target);
    // A rollout to itself has a message of its own.
    if (to === undefined || to.id === deployment.id) continue;
    follow(to, [...way, { from: deployment, to, path }], finished, directory, report);
  }
  finished.add(deployment.id);
}

function reportCircle(circle: readonly Step[], report: ProblemReport): void {
  const [first, ...others] = circle;
  if (first === undefined) return;
  const places = others.map(
    ({ from, to, path }) => `${to.id} by ${from.source.file}:${from.source.lineOf(path)}`,
  );
  const message = `rollouts go round in a circle: ${[`${first.from.id} to ${first.to.id}`, ...places].join(", then to ")}; remove one of them`;
  report.error(first.from.source, first.path, message);
}
