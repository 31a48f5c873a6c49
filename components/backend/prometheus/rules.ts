import { alertGroup, type AlertRule } from "../../../pipelines/observability/alert-rule";
import { stableYaml } from "../../workload/stable-text";

/** A series that is computed ahead, so that dashboards and alerts ask the same question the same way. */
export interface RecordingRule {
  /** `level:metric:operation`, as Prometheus recommends. */
  readonly record: string;
  readonly expr: string;
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

/** Conditions of the platform, and of pipelines as far as no plan is needed to know them. */
export const alertRules: readonly AlertRule[] = [
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
    alert: "AlgoRunLagUnknown",
    expr: "absent(kafka_brokers)",
    for: "10m",
    severity: "critical",
    summary: "Nobody measures topics and consumers",
    description:
      "The exporter of Kafka's metrics is away or sees no broker, so that no alert on lag, dead letters or silence can fire. Look at the pod kafka-exporter and at its log.",
  },
  {
    alert: "AlgoRunCertificateExpires",
    expr: "min(envoy_server_days_until_first_cert_expiring) < 14",
    for: "1h",
    severity: "critical",
    summary: "A certificate of the edge expires in {{ $value }} days",
    description:
      "Clients will refuse the edge once it has expired. Renew what is in the Secret that algorun:ambassador.tlsSecretName names; Ambassador takes it up by itself.",
  },
  {
    alert: "AlgoRunPrometheusReloadFails",
    expr: "prometheus_config_last_reload_successful == 0",
    for: "5m",
    severity: "critical",
    summary: "Prometheus can't read its configuration or a rule file",
    description:
      "It goes on with what it read last, so that new pipelines have no alerts, and it would not start again. Its log names the file, and the file is named after the pipeline that brought it.",
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
    groups: [{ name: "algorun-recording", rules: recording }, alertGroup("algorun-alerts", alerts)],
  });
}
