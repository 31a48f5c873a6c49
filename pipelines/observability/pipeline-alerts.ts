import type { PipelinePlan } from "../model/plan/plan";
import { alertGroup, type PipelineAlert, type RuleGroup } from "./alert-rule";
import { defaultThresholds, type AlertThresholds } from "./alert-thresholds";
import { deadLetterAlerts, errorAlerts, retryAlerts } from "./failure-alerts";
import { lagAlerts, noTrafficAlerts } from "./flow-alerts";
import { connectorAlerts, logFillAlerts } from "./system-alerts";

/**
 * The alerts of a pipeline. Only what the plan has is watched: without a connector there is no rule for connectors, and a
 * rule asks for nothing that the pipeline's own programs don't export.
 */
export function pipelineAlerts(
  plan: PipelinePlan,
  thresholds: AlertThresholds = defaultThresholds,
): readonly PipelineAlert[] {
  return [
    ...deadLetterAlerts(plan),
    ...logFillAlerts(plan, thresholds),
    ...connectorAlerts(plan),
    ...lagAlerts(plan, thresholds),
    ...errorAlerts(plan, thresholds),
    ...retryAlerts(plan, thresholds),
    ...noTrafficAlerts(plan, thresholds),
  ];
}

/** The rule file of a pipeline, as plain data. */
export function pipelineRuleFile(
  plan: PipelinePlan,
  thresholds?: AlertThresholds,
): { readonly groups: readonly RuleGroup[] } {
  return { groups: [alertGroup(`algorun-pipeline-${plan.id}`, pipelineAlerts(plan, thresholds))] };
}
