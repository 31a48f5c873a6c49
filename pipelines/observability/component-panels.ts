import type { PipelinePlan } from "../model/plan/plan";
import type { Panel } from "./dashboard";
import { series } from "./promql";
import { logFillExpression } from "./system-alerts";
import { algosOf, endpointOf, measuredConnectors, podsOf } from "./watched";

/** What comes in, and how full the write-ahead log is. */
export function endpointPanels(plan: PipelinePlan): readonly Panel[] {
  const endpoint = endpointOf(plan);
  if (endpoint === undefined) return [];
  const topics = endpoint.paths.map(({ topic }) => topic);
  const taken: Panel = {
    title: "Messages in",
    description: "Messages that come in by each path in a second.",
    kind: "timeseries",
    unit: "reqps",
    queries: [
      {
        expr: `sum by (topic) (rate(${series("kafka_topic_partition_current_offset", { topic: topics })}[$__rate_interval]))`,
        legend: "{{topic}}",
      },
    ],
  };
  if (endpoint.writeAheadLog.size === undefined) return [taken];
  return [
    taken,
    {
      title: "Write-ahead log",
      description: "How full the volume of each pod is. It fills while Kafka does not take what comes in.",
      kind: "timeseries",
      unit: "percentunit",
      queries: [{ expr: logFillExpression(plan, endpoint), legend: "{{persistentvolumeclaim}}" }],
    },
  ];
}

/** How much is tried again. */
export function retryPanels(plan: PipelinePlan): readonly Panel[] {
  const retrying = algosOf(plan).filter(({ runner, retries }) => runner !== "none" && retries.length > 0);
  if (retrying.length === 0) return [];
  const retried = series("algorunner_retry_total", podsOf(plan, ...retrying));
  return [
    {
      title: "Retries",
      description: "Messages that each algo tries again in a second, by step.",
      kind: "timeseries",
      unit: "reqps",
      queries: [
        {
          expr: `sum by (app, step) (rate(${retried}[$__rate_interval]))`,
          legend: "{{app}} step {{step}}",
        },
      ],
    },
  ];
}

/** What was given up and still lies there. */
export function deadLetterPanels(plan: PipelinePlan): readonly Panel[] {
  const topics = plan.topics.filter(({ purpose }) => purpose === "deadLetter").map(({ name }) => name);
  if (topics.length === 0) return [];
  const newest = series("kafka_topic_partition_current_offset", { topic: topics });
  const oldest = series("kafka_topic_partition_oldest_offset", { topic: topics });
  return [
    {
      title: "Dead letters",
      description: "Messages that were given up and are kept; anything above zero needs a person.",
      kind: "stat",
      unit: "short",
      queries: [{ expr: `sum by (topic) (${newest} - ${oldest})`, legend: "{{topic}}" }],
    },
  ];
}

/** Tasks of the connectors, by what they do. */
export function connectorPanels(plan: PipelinePlan): readonly Panel[] {
  const connectors = measuredConnectors(plan);
  if (connectors.length === 0) return [];
  const status = series("kafka_connect_connector_task_status", podsOf(plan, ...connectors));
  return [
    {
      title: "Tasks",
      description: "Tasks of each connector by status; none may have failed.",
      kind: "timeseries",
      unit: "short",
      queries: [{ expr: `count by (app, status) (${status} == 1)`, legend: "{{app}} {{status}}" }],
    },
  ];
}
