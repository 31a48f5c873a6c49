import type { PipelinePlan } from "../model/plan/plan";
import type { Panel } from "./dashboard";
import type { MetricName } from "./metric-names";
import { series } from "./promql";
import { consumers, measuredAlgos, podsOf } from "./watched";

/** What goes through the algos, and what is written to the topics between them. */
export function flowPanels(plan: PipelinePlan): readonly Panel[] {
  return [...algoPanels(plan), ...topicPanels(plan)];
}

function algoPanels(plan: PipelinePlan): readonly Panel[] {
  const algos = measuredAlgos(plan);
  if (algos.length === 0) return [];
  const rate = (metric: MetricName, by = "app"): string =>
    `sum by (${by}) (rate(${series(metric, podsOf(plan, ...algos))}[$__rate_interval]))`;
  const quantile = (share: string): string =>
    `histogram_quantile(${share}, ${rate("algorunner_run_duration_seconds_bucket", "app, le")})`;
  const panel = (title: string, description: string, unit: Panel["unit"], expr: string): Panel => ({
    title,
    description,
    kind: "timeseries",
    unit,
    queries: [{ expr, legend: "{{app}}" }],
  });
  return [
    panel(
      "Runs",
      "Messages that each algo finishes in a second.",
      "reqps",
      rate("algorunner_run_duration_seconds_count"),
    ),
    {
      ...panel("Duration of a run", "Median and 95th percentile of each algo.", "s", ""),
      queries: ["0.5", "0.95"].map((share) => ({
        expr: quantile(share),
        legend: `{{app}} p${String(Number(share) * 100)}`,
      })),
    },
    panel(
      "Failed runs",
      "Share of the runs that the algo failed.",
      "percentunit",
      `${rate("algorunner_algo_error")} / ${rate("algorunner_run_duration_seconds_count")}`,
    ),
    panel(
      "Runner errors",
      "Failures beside the algo: Kafka, object storage, configuration.",
      "reqps",
      rate("algorunner_runner_error"),
    ),
    panel(
      "Data in",
      "Bytes of messages and of referenced files that are read.",
      "Bps",
      `${rate("algorunner_msg_bytes_input_total")} + ${rate("algorunner_data_bytes_input_total")}`,
    ),
    panel(
      "Data out",
      "Bytes of messages and of referenced files that are written.",
      "Bps",
      `${rate("algorunner_msg_bytes_output_total")} + ${rate("algorunner_data_bytes_output_total")}`,
    ),
  ];
}

function topicPanels({ topics, components }: PipelinePlan): readonly Panel[] {
  const endpoints = components.filter(({ kind }) => kind === "endpoint").map(({ name }) => name);
  const between = topics
    .filter(({ purpose, producedBy }) => purpose === undefined && !endpoints.includes(producedBy.component))
    .map(({ name }) => name);
  if (between.length === 0) return [];
  const offset = series("kafka_topic_partition_current_offset", { topic: between });
  return [
    {
      title: "Messages written",
      description: "Messages that algos and connectors write to each topic in a second.",
      kind: "timeseries",
      unit: "reqps",
      queries: [{ expr: `sum by (topic) (rate(${offset}[$__rate_interval]))`, legend: "{{topic}}" }],
    },
  ];
}

/** How far behind each component is, by topic; in retry topics these are the messages that wait. */
export function lagPanels(plan: PipelinePlan): readonly Panel[] {
  return consumers(plan).map(({ component, group }) => ({
    title: component.name,
    description: `Messages that ${group} has not finished yet. A line that climbs and does not come back needs more pods.`,
    kind: "timeseries",
    unit: "short",
    queries: [
      {
        expr: `sum by (topic) (clamp_min(${series("kafka_consumergroup_lag", { consumergroup: group })}, 0))`,
        legend: "{{topic}}",
      },
    ],
  }));
}
