import type { ComponentPlan, PipelinePlan } from "../../pipelines/model/plan/plan";

/**
 * What a pipeline's namespace may hold: what its plan can grow to, and no more. It bounds numbers, not the sum of CPU
 * or memory: such a sum falls at once when a document asks for less, while the pods that asked for more are still
 * there, and a roll-out that keeps them until their successors are ready would never end.
 */
export function namespaceQuota(plan: Pick<PipelinePlan, "components">): Readonly<Record<string, string>> {
  return {
    persistentvolumeclaims: String(sum(plan.components.map(mostClaims))),
    pods: String(sum(plan.components.map(mostPodsAtOnce))),
    // One for clients and a headless one.
    services: String(2 * plan.components.length),
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
}

/**
 * A data connector is registered by a Job and restarted by one pod more, and either may still be stopping when its
 * successor starts.
 */
const connectorHelperPods = 4;

/** The most pods that a component has while nothing is being replaced. */
function mostPods({ replicas, autoscaling }: ComponentPlan): number {
  return Math.max(replicas, autoscaling?.maxReplicas ?? 0);
}

/**
 * A Deployment starts each new pod before it stops the old one, and a stopping pod counts until it is gone: while every
 * pod finishes its last message, there are twice as many. A StatefulSet replaces pod by pod.
 */
function mostPodsAtOnce(component: ComponentPlan): number {
  if (component.kind === "endpoint") return mostPods(component);
  return 2 * mostPods(component) + (component.kind === "dataConnector" ? connectorHelperPods : 0);
}

function mostClaims(component: ComponentPlan): number {
  const hasClaim = component.kind === "endpoint" && component.writeAheadLog.size !== undefined;
  return hasClaim ? mostPods(component) : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
