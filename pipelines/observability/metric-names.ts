/** The programs that export metrics. */
export type Exporter =
  | "Prometheus"
  | "runner"
  | "kafka-exporter"
  | "kube-state-metrics"
  | "kubelet"
  | "Kafka Connect"
  | "Ambassador";

/** What is known of a metric. */
export interface Metric {
  readonly exporter: Exporter;
  /** Labels that the program gives it; those that scraping adds are in {@link scrapeLabels}. */
  readonly labels: readonly string[];
}

/** Labels that Prometheus gives every series of a pod: where it came from. */
export const scrapeLabels = ["namespace", "pod", "app", "instance", "job"] as const;

const runnerLabels = ["deployment", "pipeline", "component", "name", "version", "index"];

function runner(...labels: readonly string[]): Metric {
  return { exporter: "runner", labels: [...runnerLabels, ...labels] };
}

function kafka(...labels: readonly string[]): Metric {
  return { exporter: "kafka-exporter", labels };
}

function of(exporter: Exporter, ...labels: readonly string[]): Metric {
  return { exporter, labels };
}

/**
 * Every metric that a dashboard or an alert of ours may ask for. A query on anything else would stay empty for ever, and
 * nobody would notice. Histograms stand here by the series that they consist of.
 */
export const metrics = {
  ALERTS: of("Prometheus", "alertname", "alertstate", "severity", "deployment"),
  up: of("Prometheus"),
  prometheus_config_last_reload_successful: of("Prometheus"),
  prometheus_notifications_dropped_total: of("Prometheus"),
  prometheus_rule_evaluation_failures_total: of("Prometheus", "rule_group"),
  prometheus_tsdb_head_samples_appended_total: of("Prometheus", "type"),
  prometheus_tsdb_head_series: of("Prometheus"),

  algorunner_algo_duration_seconds_bucket: runner("le"),
  algorunner_algo_duration_seconds_count: runner(),
  algorunner_algo_duration_seconds_sum: runner(),
  algorunner_algo_error: runner(),
  algorunner_data_bytes_input_total: runner("input"),
  algorunner_data_bytes_output_total: runner("output"),
  algorunner_dlq_total: runner(),
  algorunner_msg_bytes_input_total: runner("input"),
  algorunner_msg_bytes_output_total: runner("output"),
  algorunner_retry_total: runner("step", "repeat"),
  algorunner_run_duration_seconds_bucket: runner("status", "le"),
  algorunner_run_duration_seconds_count: runner("status"),
  algorunner_run_duration_seconds_sum: runner("status"),
  algorunner_runner_error: runner(),

  kafka_brokers: kafka(),
  kafka_consumergroup_lag: kafka("consumergroup", "topic", "partition"),
  kafka_topic_partition_current_offset: kafka("topic", "partition"),
  kafka_topic_partition_oldest_offset: kafka("topic", "partition"),

  kube_cronjob_next_schedule_time: of("kube-state-metrics", "cronjob"),
  kube_cronjob_spec_suspend: of("kube-state-metrics", "cronjob"),
  kube_cronjob_status_last_schedule_time: of("kube-state-metrics", "cronjob"),
  kube_cronjob_status_last_successful_time: of("kube-state-metrics", "cronjob"),

  kubelet_volume_stats_capacity_bytes: of("kubelet", "persistentvolumeclaim"),
  kubelet_volume_stats_used_bytes: of("kubelet", "persistentvolumeclaim"),

  kafka_connect_connector_task_status: of("Kafka Connect", "connector", "task", "status"),

  envoy_server_days_until_first_cert_expiring: of("Ambassador"),
} as const satisfies Readonly<Record<string, Metric>>;

/** Name of a metric that something exports. */
export type MetricName = keyof typeof metrics;

/** Whether something exports a metric of this name. */
export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
