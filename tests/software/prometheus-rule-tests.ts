import { dump } from "js-yaml";
import { alertRules } from "../../components/backend/prometheus/rules";

const labels = 'deployment="shop.orders",component="Algo",name="score",version="1.0",index="1"';
const alerted = { deployment: "shop.orders", component: "Algo", name: "score", version: "1.0", index: "1" };

interface Case {
  readonly alert: string;
  /** Series and their values, one a minute, in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  /** Minute at which the alert is looked at. */
  readonly minute: number;
  /** Labels of the alert that fires, or undefined when none may. */
  readonly fires?: Readonly<Record<string, string>>;
  /** Summary as it is read. */
  readonly summary?: string;
}

const cases: readonly Case[] = [
  {
    alert: "AlgoRunRunnerErrors",
    series: { [`algorunner_runner_error{${labels}}`]: "0+1x40" },
    minute: 30,
    fires: alerted,
    summary: "shop.orders: the runner of score reports errors",
  },
  { alert: "AlgoRunRunnerErrors", series: { [`algorunner_runner_error{${labels}}`]: "3x40" }, minute: 30 },
  {
    alert: "AlgoRunTargetDown",
    series: { 'up{job="pods",namespace="shop",pod="algo-0"}': "0x20" },
    minute: 10,
    fires: { job: "pods", namespace: "shop", pod: "algo-0" },
    summary: "shop/algo-0 can't be scraped",
  },
  {
    alert: "AlgoRunTargetDown",
    series: { 'up{job="pods",namespace="shop",pod="algo-0"}': "0x2 1x20" },
    minute: 10,
  },
  {
    alert: "AlgoRunLagUnknown",
    series: { up: "1x30" },
    minute: 20,
    fires: {},
    summary: "Nobody measures topics and consumers",
  },
  { alert: "AlgoRunLagUnknown", series: { kafka_brokers: "3x30" }, minute: 20 },
  {
    alert: "AlgoRunCertificateExpires",
    series: {
      'envoy_server_days_until_first_cert_expiring{pod="ambassador-0"}': "13x90",
      'envoy_server_days_until_first_cert_expiring{pod="ambassador-1"}': "40x90",
    },
    minute: 80,
    fires: {},
    summary: "A certificate of the edge expires in 13 days",
  },
  {
    alert: "AlgoRunCertificateExpires",
    // What Envoy says when it has none.
    series: { envoy_server_days_until_first_cert_expiring: "4294967295x90" },
    minute: 80,
  },
  {
    alert: "AlgoRunPrometheusReloadFails",
    series: { 'prometheus_config_last_reload_successful{instance="a"}': "0x30" },
    minute: 20,
    fires: { instance: "a" },
    summary: "Prometheus can't read its configuration or a rule file",
  },
  {
    alert: "AlgoRunPrometheusReloadFails",
    series: { 'prometheus_config_last_reload_successful{instance="a"}': "1x30" },
    minute: 20,
  },
  {
    alert: "AlgoRunPrometheusRuleFailures",
    series: { 'prometheus_rule_evaluation_failures_total{rule_group="algorun"}': "0+1x20" },
    minute: 15,
    fires: { rule_group: "algorun" },
    summary: "Prometheus can't evaluate its rules",
  },
  {
    alert: "AlgoRunPrometheusRuleFailures",
    series: { 'prometheus_rule_evaluation_failures_total{rule_group="algorun"}': "4x20" },
    minute: 15,
  },
  {
    alert: "AlgoRunNotificationsFailing",
    series: { 'prometheus_notifications_dropped_total{instance="a"}': "0+1x30" },
    minute: 20,
    fires: { instance: "a" },
    summary: "Prometheus can't reach Alertmanager",
  },
  {
    alert: "AlgoRunNotificationsFailing",
    series: { 'prometheus_notifications_dropped_total{instance="a"}': "2x30" },
    minute: 20,
  },
];

/**
 * Renders unit tests of the alert rules for promtool.
 *
 * @param ruleFile - the rules under test
 * @throws Error when some rule lacks a case in which it fires, or one in which it is silent
 */
export function ruleTests(ruleFile: string): string {
  for (const { alert } of alertRules) {
    const own = cases.filter((each) => each.alert === alert);
    if (!own.some(({ fires }) => fires !== undefined) || !own.some(({ fires }) => fires === undefined)) {
      throw new Error(`${alert} has no case in which it fires, or none in which it is silent`);
    }
  }
  return dump({
    rule_files: [ruleFile],
    evaluation_interval: "1m",
    tests: cases.map(({ alert, series, minute, fires, summary }) => ({
      interval: "1m",
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: [
        {
          alertname: alert,
          eval_time: `${minute}m`,
          exp_alerts: fires === undefined ? [] : [expected(alert, fires, summary)],
        },
      ],
    })),
  });
}

function expected(
  alert: string,
  fires: Readonly<Record<string, string>>,
  summary: string | undefined,
): object {
  const rule = alertRules.find((each) => each.alert === alert);
  return {
    exp_labels: { ...fires, severity: rule?.severity },
    exp_annotations: { summary, description: rule?.description },
  };
}
