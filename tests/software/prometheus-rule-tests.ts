import { dump } from "js-yaml";
import { backupAlertRules } from "../../components/backend/backup/backup-alerts";
import { alertRules as everywhere } from "../../components/backend/prometheus/rules";

/** All rules of a platform. */
export const platformAlertRules = [...everywhere, ...backupAlertRules];

const labels = 'deployment="shop.orders",component="Algo",name="score",version="1.0",index="1"';
const alerted = { deployment: "shop.orders", component: "Algo", name: "score", version: "1.0", index: "1" };

const sqlDump = 'cronjob="sql-backup"';

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
  {
    alert: "AlgoRunBackupFails",
    series: {
      [`kube_cronjob_status_last_schedule_time{${sqlDump}}`]: "100x200",
      [`kube_cronjob_status_last_successful_time{${sqlDump}}`]: "50x200",
    },
    minute: 100,
    fires: { cronjob: "sql-backup" },
    summary: "sql-backup has failed",
  },
  {
    alert: "AlgoRunBackupFails",
    // The first dump ever.
    series: { [`kube_cronjob_status_last_schedule_time{${sqlDump}}`]: "100x200" },
    minute: 100,
    fires: { cronjob: "sql-backup" },
    summary: "sql-backup has failed",
  },
  {
    alert: "AlgoRunBackupFails",
    // It took its time, or was made anew by hand.
    series: {
      [`kube_cronjob_status_last_schedule_time{${sqlDump}}`]: "100x200",
      [`kube_cronjob_status_last_successful_time{${sqlDump}}`]: "50x80 3700x120",
    },
    minute: 150,
  },
  {
    alert: "AlgoRunBackupFails",
    // A restore is nobody's schedule.
    series: { 'kube_cronjob_status_last_schedule_time{cronjob="sql-restore"}': "100x200" },
    minute: 150,
  },
  {
    alert: "AlgoRunBackupMissed",
    series: { [`kube_cronjob_next_schedule_time{${sqlDump}}`]: "600x200" },
    minute: 90,
    fires: { cronjob: "sql-backup" },
    summary: "sql-backup does not run",
  },
  {
    alert: "AlgoRunBackupMissed",
    series: { [`kube_cronjob_spec_suspend{${sqlDump}}`]: "1x200" },
    minute: 20,
    fires: { cronjob: "sql-backup" },
    summary: "sql-backup does not run",
  },
  {
    alert: "AlgoRunBackupMissed",
    series: {
      [`kube_cronjob_next_schedule_time{${sqlDump}}`]: "600x60 87000x140",
      [`kube_cronjob_spec_suspend{${sqlDump}}`]: "0x200",
      'kube_cronjob_spec_suspend{cronjob="sql-restore"}': "1x200",
    },
    minute: 90,
  },
  {
    alert: "AlgoRunBackupUnknown",
    series: { 'kube_cronjob_spec_suspend{cronjob="sql-restore"}': "1x60" },
    minute: 30,
    fires: {},
    summary: "Nobody sees whether backups run",
  },
  {
    alert: "AlgoRunBackupUnknown",
    series: { [`kube_cronjob_spec_suspend{${sqlDump}}`]: "0x60" },
    minute: 30,
  },
];

/**
 * Renders unit tests of the alert rules for promtool.
 *
 * @param ruleFile - the rules under test
 * @throws Error when some rule lacks a case in which it fires, or one in which it is silent
 */
export function ruleTests(ruleFile: string): string {
  for (const { alert } of platformAlertRules) {
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
  const rule = platformAlertRules.find((each) => each.alert === alert);
  return {
    exp_labels: { ...fires, severity: rule?.severity },
    exp_annotations: { summary, description: rule?.description },
  };
}
