import type { AlertRule } from "../../../pipelines/observability/alert-rule";

/** Selects the CronJobs that dump. */
const dumps = '{cronjob=~".+-backup"}';

const lastScheduled = `kube_cronjob_status_last_schedule_time${dumps}`;

/** Conditions of a platform with dumps. They hold for any schedule, since they compare a CronJob with its own. */
export const backupAlertRules: readonly AlertRule[] = [
  {
    alert: "AlgoRunBackupFails",
    // A dump may take an hour before its Job is ended; see CronJobWorkload.
    expr: `${lastScheduled} > kube_cronjob_status_last_successful_time or ${lastScheduled} unless kube_cronjob_status_last_successful_time`,
    for: "90m",
    severity: "critical",
    summary: "{{ $labels.cronjob }} has failed",
    description:
      "What has changed since the last good dump would be lost. Read the log of its last Job (kubectl get jobs, kubectl logs), and dump anew with make backup: a dump that succeeds ends this alert.",
  },
  {
    alert: "AlgoRunBackupMissed",
    // A run that is late by less is made up for; see CronJobWorkload.
    expr: `time() - kube_cronjob_next_schedule_time${dumps} > 3600 or kube_cronjob_spec_suspend${dumps} == 1`,
    for: "15m",
    severity: "critical",
    summary: "{{ $labels.cronjob }} does not run",
    description:
      "It is suspended, or Kubernetes has not started it at its time: kubectl describe cronjob says why. Until it runs nothing is dumped.",
  },
  {
    alert: "AlgoRunBackupUnknown",
    expr: `absent(kube_cronjob_spec_suspend${dumps})`,
    for: "15m",
    severity: "critical",
    summary: "Nobody sees whether backups run",
    description:
      "kube-state-metrics is away or sees no CronJob, so that no alert on backups can fire. Look at its pod and log.",
  },
];
