import type { Dashboard, Panel } from "../../../pipelines/observability/dashboard";

const selected = '{deployment=~"$deployment", name=~"$name"}';
const perComponent = "deployment, component, name, version, index";
const legend = "{{deployment}} {{name}}[{{index}}]";

function rate(metric: string): string {
  return `sum by (${perComponent}) (rate(${metric}${selected}[$__rate_interval]))`;
}

function lines(title: string, description: string, unit: Panel["unit"], expr: string): Panel {
  return { title, description, kind: "timeseries", unit, queries: [{ expr, legend }] };
}

/** What flows through the pipelines, and how well. */
export const pipelinesDashboard: Dashboard = {
  uid: "algorun-pipelines",
  title: "AlgoRun pipelines",
  variables: [
    { name: "deployment", label: "deployment", metric: "algorunner_run_duration_seconds_count" },
    { name: "name", label: "name", metric: "algorunner_run_duration_seconds_count" },
  ],
  panels: [
    lines(
      "Runs",
      "Messages that each component finishes in a second.",
      "reqps",
      rate("algorunner_run_duration_seconds_count"),
    ),
    {
      title: "Duration of a run",
      description: "Median and 95th percentile, from taking a message to having produced the results.",
      kind: "timeseries",
      unit: "s",
      queries: ["0.5", "0.95"].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (${perComponent}, le) (rate(algorunner_run_duration_seconds_bucket${selected}[$__rate_interval])))`,
        legend: `${legend} p${String(Number(quantile) * 100)}`,
      })),
    },
    lines(
      "Duration of the algo itself",
      "95th percentile; what is missing to the run's duration is the runner's and Kafka's.",
      "s",
      `histogram_quantile(0.95, sum by (${perComponent}, le) (rate(algorunner_algo_duration_seconds_bucket${selected}[$__rate_interval])))`,
    ),
    lines("Algo errors", "Runs that the algo failed.", "reqps", rate("algorunner_algo_error")),
    lines(
      "Runner errors",
      "Failures beside the algo: Kafka, object storage, configuration.",
      "reqps",
      rate("algorunner_runner_error"),
    ),
    lines("Retries", "Messages that are tried again.", "reqps", rate("algorunner_retry_total")),
    lines(
      "Dead letters",
      "Messages given up in the last hour; anything above zero needs a person.",
      "short",
      `sum by (${perComponent}) (increase(algorunner_dlq_total${selected}[1h]))`,
    ),
    lines(
      "Data in",
      "Bytes of messages and of referenced files that are read.",
      "Bps",
      `${rate("algorunner_msg_bytes_input_total")} + ${rate("algorunner_data_bytes_input_total")}`,
    ),
    lines(
      "Data out",
      "Bytes of messages and of referenced files that are written.",
      "Bps",
      `${rate("algorunner_msg_bytes_output_total")} + ${rate("algorunner_data_bytes_output_total")}`,
    ),
  ],
};

/** Whether the platform watches itself well. */
export const platformDashboard: Dashboard = {
  uid: "algorun-platform",
  title: "AlgoRun platform",
  variables: [],
  panels: [
    {
      title: "Targets down",
      description: "Pods that ask to be scraped and don't answer.",
      kind: "stat",
      unit: "short",
      queries: [{ expr: "count(up == 0) or vector(0)", legend: "down" }],
    },
    {
      title: "Alerts firing",
      description: "By severity.",
      kind: "stat",
      unit: "short",
      queries: [
        { expr: 'count by (severity) (ALERTS{alertstate="firing"}) or vector(0)', legend: "{{severity}}" },
      ],
    },
    {
      title: "Samples",
      description: "Samples that Prometheus takes in a second.",
      kind: "timeseries",
      unit: "short",
      queries: [{ expr: "rate(prometheus_tsdb_head_samples_appended_total[5m])", legend: "samples" }],
    },
    {
      title: "Series",
      description:
        "Series in memory; a step up is a new deployment, a steady climb is a label that should not be one.",
      kind: "timeseries",
      unit: "short",
      queries: [{ expr: "prometheus_tsdb_head_series", legend: "series" }],
    },
  ],
};

/** Every dashboard that Grafana is given. */
export const dashboards: readonly Dashboard[] = [pipelinesDashboard, platformDashboard];
