import { componentCapacity } from "../../pipelines/model/capacity/component-capacity";
import { sumOfUses } from "../../pipelines/model/capacity/sums";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { countText } from "../../pipelines/model/values/amount";

/**
 * What a pipeline's namespace may hold: what its plan can grow to, and no more. It bounds numbers, not the sum of CPU
 * or memory: such a sum falls at once when a document asks for less, while the pods that asked for more are still
 * there, and a roll-out that keeps them until their successors are ready would never end.
 */
export function namespaceQuota({
  components,
}: Pick<PipelinePlan, "components">): Readonly<Record<string, string>> {
  const use = sumOfUses(components.map((component) => componentCapacity(component).use));
  const most = (name: string): string => countText(use[name]?.most ?? 0n);
  return {
    persistentvolumeclaims: most("persistentvolumeclaims"),
    pods: most("pods"),
    // One for clients and a headless one.
    services: String(2 * components.length),
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
}
