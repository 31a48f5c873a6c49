import type * as k8s from "@pulumi/kubernetes";
import type {
  AutoscalingPlan,
  MetricIdentityPlan,
  ScaleMetricPlan,
  ScaleTargetPlan,
} from "../../pipelines/model/plan/plan";
import type { AutoscalingArgs } from "../workload/workload-args";
import { followsLag, lagTriggers, type LagSource } from "./lag-triggers";

type MetricSpec = k8s.types.input.autoscaling.v2.MetricSpec;
type MetricIdentifier = k8s.types.input.autoscaling.v2.MetricIdentifier;

/** A plan's autoscaling as workloads take it; undefined stays undefined. */
export function autoscalingArgs(
  plan: AutoscalingPlan | undefined,
  lagSource: LagSource,
): AutoscalingArgs | undefined {
  if (plan === undefined) return undefined;
  const { minReplicas, maxReplicas, metrics } = plan;
  return followsLag(plan)
    ? { minReplicas, maxReplicas, triggers: lagTriggers(metrics, lagSource) }
    : { minReplicas, maxReplicas, metrics: metrics.map(metricSpec) };
}

function metricSpec(metric: ScaleMetricPlan): MetricSpec {
  if (metric.source === "ConsumerLag") throw new Error("only KEDA follows the lag of a consumer");
  const target = metricTarget(metric.target);
  switch (metric.source) {
    case "Resource":
      return { type: "Resource", resource: { name: metric.resource, target } };
    case "Pods":
      return { type: "Pods", pods: { metric: metricIdentifier(metric.metric), target } };
    case "External":
      return { type: "External", external: { metric: metricIdentifier(metric.metric), target } };
    case "Object":
      return {
        type: "Object",
        object: { metric: metricIdentifier(metric.metric), describedObject: { ...metric.object }, target },
      };
  }
}

function metricIdentifier({ name, matchLabels }: MetricIdentityPlan): MetricIdentifier {
  return matchLabels === undefined ? { name } : { name, selector: { matchLabels: { ...matchLabels } } };
}

/** The plan's target is Kubernetes' own, field by field. */
function metricTarget(target: ScaleTargetPlan): k8s.types.input.autoscaling.v2.MetricTarget {
  return { ...target };
}
