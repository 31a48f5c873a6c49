import { stableYaml } from "../../workload/stable-text";

/** A series that is computed ahead, so that dashboards and alerts ask the same question the same way. */
export interface RecordingRule {
  /** `level:metric:operation`, as Prometheus recommends. */
  readonly record: string;
  readonly expr: string;
}

/** A condition that somebody must know of. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the condition must hold, so that a restart wakes nobody. */
  readonly for: string;
  /** `critical`: data is at risk, act now. `warning`: act today. */
  readonly severity: "critical" | "warning";
  /** One line, with labels filled in. */
  readonly summary: string;
  /** What it means and what to look at first. */
  readonly description: string;
}

/** Labels that name one component of one deployment. */
const component = "deployment, component, name, version, index";

/** Computed ahead for all pipelines. */
export const recordingRules: readonly RecordingRule[] = [
  {
    record: "component:algorunner_runs:rate5m",
    expr: `sum by (${component}) (rate(algorunner_run_duration_seconds_count[5m]))`,
  },
  {
    record: "component:algorunner_run_duration_seconds:p95_5m",
    expr: `histogram_quantile(0.95, sum by (${component}, le) (rate(algorunner_run_duration_seconds_bucket[5m])))`,
  },
  {
    record: "component:algorunner_algo_error:rate5m",
    expr: `sum by (${component}) (rate(algorunner_algo_error[5m]))`,
  },
  {
    record: "component:algorunner_retry:rate5m",
    expr: `sum by (${component}) (rate(algorunner_retry_total[5m]))`,
  },
];

/** Conditions of pipelines and of the platform. */
export const alertRules: readonly AlertRule[] = [
  {
    alert: "AlgoRunDeadLetters",
    expr: `sum by (${component}) (increase(algorunner_dlq_total[10m])) > 0`,
    for: "0m",
    severity: "critical",
    summary: "{{ $labels.deployment }}: {{ $labels.name }} gave up on messages",
    description:
      "Messages went to a dead-letter topic in the last 10 minutes. Read them with a console consumer; their headers say why.",
  },
  {
    alert: "AlgoRunAlgoErrors",
    expr: "component:algorunner_algo_error:rate5m / component:algorunner_runs:rate5m > 0.05",
    for: "10m",
    severity: "warning",
    summary:
      "{{ $labels.deployment }}: {{ $labels.name }} fails on {{ $value | humanizePercentage }} of its messages",
    description: "More than 5 % of the runs failed for 10 minutes. Look at the logs of the algo's container.",
  },
  {
    alert: "AlgoRunRunnerErrors",
    expr: `sum by (${component}) (rate(algorunner_runner_error[5m])) > 0`,
    for: "10m",
    severity: "warning",
    summary: "{{ $labels.deployment }}: the runner of {{ $labels.name }} reports errors",
    description:
      "The runner itself fails, not the algo: look at its connection to Kafka and to object storage.",
  },
  {
    alert: "AlgoRunTargetDown",
    expr: "up == 0",
    for: "5m",
    severity: "warning",
    summary: "{{ $labels.namespace }}/{{ $labels.pod }} can't be scraped",
    description: "A pod that asks to be scraped has not answered for 5 minutes; its alerts are blind.",
  },
  {
    alert: "AlgoRunPrometheusRuleFailures",
    expr: "increase(prometheus_rule_evaluation_failures_total[5m]) > 0",
    for: "5m",
    severity: "critical",
    summary: "Prometheus can't evaluate its rules",
    description: "Alerts may be missing. Look at the log of Prometheus.",
  },
  {
    alert: "AlgoRunNotificationsFailing",
    expr: "increase(prometheus_notifications_dropped_total[10m]) > 0",
    for: "5m",
    severity: "critical",
    summary: "Prometheus can't reach Alertmanager",
    description: "Alerts fire and nobody is told. Look at Alertmanager's pod and network policy.",
  },
];

/** Renders a rule file. */
export function renderRules(recording: readonly RecordingRule[], alerts: readonly AlertRule[]): string {
  return stableYaml({
    groups: [
      { name: "algorun-recording", rules: recording },
      {
        name: "algorun-alerts",
        rules: alerts.map(({ alert, expr, for: duration, severity, summary, description }) => ({
          alert,
          expr,
          for: duration,
          labels: { severity },
          annotations: { summary, description },
        })),
      },
    ],
  });
}
