import type {
  ComponentPlan,
  DataConnectorPlan,
  ImagePlan,
  PipelinePlan,
  ResourcesReason,
  ScaleMetricPlan,
} from "../model/plan/plan";
import { algoReference, connectorReference, replicasInWords } from "./pipeline-graph";
import type { Table } from "./table";

/** The components of a plan, how many there are of each and why, and what runs in them. */
export function componentsTable({ components }: PipelinePlan): Table {
  return {
    title: "Components",
    columns: ["component", "what", "replicas", "images", "because"],
    rows: components.map((component) => [
      component.name,
      kindInWords(component),
      replicasInWords(component),
      imagesOf(component).join("\n"),
      reasonsOf(component).join("\n"),
    ]),
  };
}

function kindInWords(component: ComponentPlan): string {
  switch (component.kind) {
    case "endpoint":
      return "endpoint";
    case "eventHook":
      return "event hook";
    case "dataConnector":
      return `${component.connector.type.toLowerCase()} ${connectorReference(component)}`;
    case "algo":
      return `algo ${algoReference(component)}`;
  }
}

function imagesOf(component: ComponentPlan): readonly string[] {
  const imageOr = (image: ImagePlan | undefined, byDefault: string): string => image?.reference ?? byDefault;
  switch (component.kind) {
    case "endpoint":
      return [imageOr(component.image, "the platform's gateway")];
    case "eventHook":
      return [imageOr(component.image, "the platform's hook runner")];
    case "dataConnector":
      return [imageOr(component.image, "the platform's Kafka")];
    case "algo": {
      const runner = imageOr(component.runnerImage, "the platform's runner");
      return component.runner === "none"
        ? [component.image.reference]
        : [component.image.reference, `${runner} (${component.runner})`];
    }
  }
}

function reasonsOf(component: ComponentPlan): readonly string[] {
  const { autoscaling, resourcesBecause } = component;
  const scale =
    autoscaling === undefined
      ? "replicas: fixed, since autoscaling is not enabled"
      : `replicas: follow ${autoscaling.metrics.map(metricInWords).join(", ")}`;
  return [...kindReasons(component), scale, `resources: ${resourcesInWords(resourcesBecause)}`];
}

function resourcesInWords(reason: ResourcesReason): string {
  switch (reason) {
    case "stated":
      return "stated by the document";
    case "stack":
      return "the stack's default (algorun:pipelineDefaults)";
    case "default":
      return "the platform's default";
  }
}

function kindReasons(component: ComponentPlan): readonly string[] {
  switch (component.kind) {
    case "endpoint": {
      const { size, storageClass, memory } = component.writeAheadLog;
      const ofClass = storageClass === undefined ? "" : ` of the class ${storageClass}`;
      return [
        `write-ahead log: ${size === undefined ? `${memory ?? ""} in memory` : `volume of ${size}${ofClass}`}`,
      ];
    }
    case "eventHook":
      return [];
    case "dataConnector":
      return [`tasks: at most ${component.tasksMax}, shared by the replicas`, restartsInWords(component)];
    case "algo": {
      const { version, versionTag } = component.algo;
      const resolved = version === versionTag ? [] : [`version: ${version} is ${versionTag}`];
      const { gpu } = component;
      const accelerated =
        gpu === undefined ? [] : [`GPUs: ${gpu.count} ${gpu.resourceName}, since the algo has gpuEnabled`];
      return [
        ...resolved,
        ...accelerated,
        `runner: ${component.runner}, since the executor is ${component.executor}`,
      ];
    }
  }
}

function restartsInWords({ autoRestart }: DataConnectorPlan): string {
  if (autoRestart === undefined) return "failed tasks: stay so, since autoRestart is not enabled";
  const { maxRestarts } = autoRestart;
  return `failed tasks: restarted${maxRestarts === undefined ? "" : `, at most ${maxRestarts} times in a row`}`;
}

function metricInWords(metric: ScaleMetricPlan): string {
  if (metric.source === "ConsumerLag")
    return `the lag in ${metric.topic}, ${metric.lagPerPod} messages for each pod`;
  const { target } = metric;
  const name = metric.source === "Resource" ? metric.resource : metric.metric.name;
  switch (target.type) {
    case "Utilization":
      return `${name} at ${target.averageUtilization} % of the request`;
    case "AverageValue":
      return `${name} at ${target.averageValue} for each pod`;
    case "Value":
      return `${name} at ${target.value}`;
  }
}
