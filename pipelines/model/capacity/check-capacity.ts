import type { PlannedDeployment } from "../deployment-planner";
import type { ProblemReport } from "../document/problem";
import type { PlatformFacts } from "../platform-facts";
import { amountOf, type Amount } from "../values/amount";
import type { PipelineCapacity, QuotaUse } from "./capacity";
import type { QuotaLimits } from "./capacity-limits";
import { checkBrokerCapacity } from "./check-broker-capacity";
import { byAmount, componentPlace, inWords, type Contributor } from "./contributors";
import { pipelineCapacity } from "./pipeline-capacity";
import { quotaText } from "./quota-text";
import { sumOfUses } from "./sums";

/** A deployment, and what it takes. */
export interface CountedDeployment {
  readonly planned: PlannedDeployment;
  readonly capacity: PipelineCapacity;
}

/** Reports what the limits of the platform have no room for: of each pipeline, of all together, and of Kafka's brokers. */
export function checkCapacity(
  deployments: readonly PlannedDeployment[],
  facts: PlatformFacts,
  report: ProblemReport,
): void {
  const counted = deployments.map((planned) => ({
    planned,
    capacity: pipelineCapacity(planned.plan, facts),
  }));
  for (const deployment of counted) checkPipeline(deployment, facts.capacity?.eachPipeline ?? {}, report);
  checkAll(counted, facts.capacity?.allPipelines ?? {}, report);
  checkBrokerCapacity(counted, facts, report);
}

/** A sum that is more than its limit. */
interface Excess {
  /** As a ResourceQuota calls it. */
  readonly name: string;
  readonly sum: Amount;
  readonly limit: Amount;
}

function excesses(use: QuotaUse, limits: QuotaLimits): readonly Excess[] {
  return Object.keys(limits)
    .sort()
    .map((name) => ({ name, sum: use[name]?.most ?? 0n, limit: amountOf(limits[name] ?? 0) }))
    .filter(({ sum, limit }) => sum > limit);
}

const whatToDo =
  "lower replicas, maxReplicas or resources, or raise the limit if the cluster has the room; at the most counts all replicas while an update replaces them";

function checkPipeline(
  { planned, capacity }: CountedDeployment,
  limits: QuotaLimits,
  report: ProblemReport,
): void {
  for (const { name, sum, limit } of excesses(capacity.use, limits)) {
    const contributors = capacity.components.map(({ component, use }): Contributor => ({
      name: component,
      amount: use[name]?.most ?? 0n,
      place: componentPlace(planned, component),
    }));
    const text = (amount: Amount): string => quotaText(name, amount);
    const message = `${planned.plan.id} takes ${text(sum)} of ${name} at the most, expected at most ${text(limit)}, the limit of each pipeline in algorun:capacity.eachPipeline: ${inWords(contributors, text)}; ${whatToDo}`;
    report.error(planned.linked.source, ["spec", "deploymentName"], message);
  }
}

function checkAll(counted: readonly CountedDeployment[], limits: QuotaLimits, report: ProblemReport): void {
  for (const { name, sum, limit } of excesses(
    sumOfUses(counted.map(({ capacity }) => capacity.use)),
    limits,
  )) {
    const contributors = counted.map(({ planned, capacity }) => ({
      planned,
      name: planned.plan.id,
      amount: capacity.use[name]?.most ?? 0n,
      place: `${planned.plan.source.file}:${planned.plan.source.line}`,
    }));
    const [largest] = byAmount(contributors);
    if (largest === undefined) continue;
    const text = (amount: Amount): string => quotaText(name, amount);
    const message = `all pipelines together take ${text(sum)} of ${name} at the most, expected at most ${text(limit)}, their limit in algorun:capacity.allPipelines: ${inWords(contributors, text)}; ${whatToDo}`;
    report.error(largest.planned.linked.source, ["spec", "deploymentName"], message);
  }
}
