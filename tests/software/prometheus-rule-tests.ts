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
    alert: "AlgoRunDeadLetters",
    series: { [`algorunner_dlq_total{${labels}}`]: "0x5 1x20" },
    minute: 10,
    fires: alerted,
    summary: "shop.orders: score gave up on messages",
  },
  { alert: "AlgoRunDeadLetters", series: { [`algorunner_dlq_total{${labels}}`]: "7x30" }, minute: 20 },
  {
    alert: "AlgoRunAlgoErrors",
    series: {
      [`algorunner_algo_error{${labels}}`]: "0+6x40",
      [`algorunner_run_duration_seconds_count{${labels}}`]: "0+60x40",
    },
    minute: 30,
    fires: alerted,
    summary: "shop.orders: score fails on 10% of its messages",
  },
  {
    alert: "AlgoRunAlgoErrors",
    series: {
      [`algorunner_algo_error{${labels}}`]: "0+2x40",
      [`algorunner_run_duration_seconds_count{${labels}}`]: "0+60x40",
    },
    minute: 30,
  },
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
