import { planConsumerLag, type LagReader } from "./consumer-lag";
import type { AutoscalingPlan, MetricIdentityPlan, ScaleMetricPlan, ScaleTargetPlan } from "../plan/plan";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import { quantity } from "../values/quantity";
import { compareText, oneOf, sortedByKey } from "../values/text";
import type { WorkloadSpec } from "./workload-planner";

type AutoscalingSpec = NonNullable<WorkloadSpec["autoscaling"]>;
type MetricSpec = AutoscalingSpec["metrics"][number];
type MetricField = Exclude<keyof MetricSpec, "sourceType" | "targetType">;
type Refuse = (field: keyof MetricSpec, message: string) => void;

/** Kubernetes' own rule of thumb, written down: 80 % of the CPU that is requested. */
const defaultMetric: ScaleMetricPlan = {
  source: "Resource",
  resource: "cpu",
  target: { type: "Utilization", averageUtilization: 80 },
};

/**
 * The autoscaler of a component; undefined when it is not enabled.
 *
 * @param reader what it reads; without it, it can't follow its lag
 */
export function planAutoscaling(
  spec: WorkloadSpec,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
  reader?: LagReader,
): AutoscalingPlan | undefined {
  const { autoscaling } = spec;
  if (autoscaling?.enabled !== true) return undefined;
  const path = [...at, "autoscaling"];
  const { maxReplicas } = autoscaling;
  if (maxReplicas === undefined) {
    report.error(
      source,
      [...path, "maxReplicas"],
      "is missing, expected the most replicas, since autoscaling is enabled",
    );
    return undefined;
  }
  const minReplicas = autoscaling.minReplicas ?? Math.min(spec.replicas, maxReplicas);
  if (minReplicas > maxReplicas) {
    report.error(
      source,
      [...path, "minReplicas"],
      `found ${minReplicas}, expected at most maxReplicas, which is ${maxReplicas}`,
    );
  }
  const metrics = autoscaling.metrics.flatMap((metric, index) => {
    const refuse: Refuse = (field, message) => {
      report.error(source, [...path, "metrics", index, field], message);
    };
    return planMetric(metric, refuse, reader);
  });
  checkCompany(autoscaling.metrics, metrics, (index, message) => {
    report.error(source, [...path, "metrics", index, "sourceType"], message);
  });
  const inOrder = metrics.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  return { minReplicas, maxReplicas, metrics: inOrder.length === 0 ? [defaultMetric] : inOrder };
}

/** What can't stand beside consumer lag: a second one, and what KEDA's autoscaler does not follow. */
function checkCompany(
  stated: readonly MetricSpec[],
  planned: readonly ScaleMetricPlan[],
  refuse: (index: number, message: string) => void,
): void {
  const isByKeda = planned.some(({ source }) => source === "ConsumerLag");
  const firstLag = stated.findIndex(({ sourceType }) => sourceType === "ConsumerLag");
  stated.forEach(({ sourceType }, index) => {
    if (sourceType === "ConsumerLag" && index > firstLag) {
      refuse(index, "a second ConsumerLag, expected one: it follows every topic that is read");
    } else if (isByKeda && sourceType !== "ConsumerLag" && sourceType !== "Resource") {
      const message = `found ${JSON.stringify(sourceType)} beside ConsumerLag, expected only "Resource", since KEDA follows no metric of this kind; remove one of them`;
      refuse(index, message);
    }
  });
}

const targetsOf: Readonly<Record<MetricSpec["sourceType"], readonly MetricSpec["targetType"][]>> = {
  Resource: ["Utilization", "AverageValue"],
  Pods: ["AverageValue"],
  Object: ["Value", "AverageValue"],
  External: ["Value", "AverageValue"],
  ConsumerLag: ["AverageValue"],
};

const fieldsOf: Readonly<Record<MetricSpec["sourceType"], readonly MetricField[]>> = {
  Resource: ["resourceName"],
  Pods: ["metricName", "metricSelector"],
  Object: ["metricName", "metricSelector", "objectApiVersion", "objectKind", "objectName"],
  External: ["metricName", "metricSelector"],
  ConsumerLag: [],
};

const valueFieldOf: Readonly<Record<MetricSpec["targetType"], MetricField>> = {
  Utilization: "averageUtilization",
  Value: "value",
  AverageValue: "averageValue",
};

function planMetric(
  metric: MetricSpec,
  refuse: Refuse,
  reader: LagReader | undefined,
): readonly ScaleMetricPlan[] {
  const { sourceType, targetType } = metric;
  if (!targetsOf[sourceType].includes(targetType)) {
    refuse(
      "targetType",
      `found ${JSON.stringify(targetType)}, expected ${oneOf(targetsOf[sourceType])} for sourceType ${sourceType}`,
    );
    return [];
  }
  const allowed = [...fieldsOf[sourceType], valueFieldOf[targetType]];
  const present = allFields.filter((field) => metric[field] !== undefined);
  const stray = present.filter((field) => !allowed.includes(field));
  const missing = allowed.filter((field) => field !== "metricSelector" && !present.includes(field));
  for (const field of stray) {
    refuse(field, `has no effect with sourceType ${sourceType} and targetType ${targetType}; remove it`);
  }
  for (const field of missing)
    refuse(field, `is missing, expected for sourceType ${sourceType} and targetType ${targetType}`);
  if (stray.length + missing.length > 0) return [];
  if (sourceType === "ConsumerLag") return planLag(metric, refuse, reader);
  if (sourceType === "Resource" && !scalableResources.includes(metric.resourceName ?? "")) {
    const found = JSON.stringify(metric.resourceName);
    refuse("resourceName", `found ${found}, expected ${oneOf(scalableResources)}, which Kubernetes measures`);
    return [];
  }
  return [metricPlan(sourceType, metric, planSelector(metric.metricSelector, refuse))];
}

/** What the resource metrics API knows of pods. */
const scalableResources = ["cpu", "memory"];

function planLag(
  { averageValue = 1 }: MetricSpec,
  refuse: Refuse,
  reader: LagReader | undefined,
): readonly ScaleMetricPlan[] {
  const lagPerPod = quantity(averageValue);
  if (!Number.isInteger(lagPerPod) || lagPerPod < 1) {
    refuse("averageValue", `found ${averageValue}, expected a whole number of messages from 1`);
    return [];
  }
  const nothingRead: LagReader = { lag: undefined, consumerGroup: undefined, topics: [] };
  return planConsumerLag(lagPerPod, reader ?? nothingRead, (message) => {
    refuse("sourceType", message);
  });
}

const allFields: readonly MetricField[] = [
  "resourceName",
  "metricName",
  "metricSelector",
  "objectApiVersion",
  "objectKind",
  "objectName",
  "averageUtilization",
  "averageValue",
  "value",
];

function metricPlan(
  sourceType: Exclude<MetricSpec["sourceType"], "ConsumerLag">,
  metric: MetricSpec,
  matchLabels: Readonly<Record<string, string>> | undefined,
): ScaleMetricPlan {
  const target = targetPlan(metric);
  const identity: MetricIdentityPlan = { name: metric.metricName ?? "", matchLabels };
  switch (sourceType) {
    case "Resource":
      return { source: "Resource", resource: metric.resourceName ?? "", target };
    case "Pods":
    case "External":
      return { source: sourceType, metric: identity, target };
    case "Object": {
      const { objectApiVersion: apiVersion = "", objectKind: kind = "", objectName: name = "" } = metric;
      return { source: "Object", metric: identity, object: { apiVersion, kind, name }, target };
    }
  }
}

function targetPlan(metric: MetricSpec): ScaleTargetPlan {
  switch (metric.targetType) {
    case "Utilization":
      return { type: "Utilization", averageUtilization: metric.averageUtilization ?? 0 };
    case "Value":
      return { type: "Value", value: String(metric.value) };
    case "AverageValue":
      return { type: "AverageValue", averageValue: String(metric.averageValue) };
  }
}

function planSelector(
  selector: string | undefined,
  refuse: Refuse,
): Readonly<Record<string, string>> | undefined {
  if (selector === undefined) return undefined;
  const pairs = selector.split(",").map((pair) => pair.trim().split("="));
  if (pairs.some(([key, value, ...more]) => !key || !value || more.length > 0)) {
    refuse(
      "metricSelector",
      `found ${JSON.stringify(selector)}, expected labels such as queue=orders,zone=eu`,
    );
  }
  return sortedByKey(Object.fromEntries(pairs.map(([key = "", value = ""]) => [key, value])));
}
