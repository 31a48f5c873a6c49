import { Alertmanager } from "./backend/alertmanager/alertmanager";
import { backupAlertRules } from "./backend/backup/backup-alerts";
import { Prometheus } from "./backend/prometheus/prometheus";
import type { PlatformArgs } from "./platform-args";
import type { SystemContext } from "./system-context";
import { systemNames as names } from "./system-names";
import { podsOf } from "./workload/network-policy";

/** Makes what measures the platform and its pipelines, and behind it what tells people of alerts. */
export function makeMonitoring(
  { prometheus, alertWebhookUrl, backups, transform }: PlatformArgs,
  context: SystemContext,
): Prometheus {
  const alertmanager = new Alertmanager(
    names.alertmanager,
    {
      ...context.shared,
      clients: [podsOf(names.prometheus)],
      image: context.image("alertmanager"),
      transform: transform?.alertmanager,
      ...(alertWebhookUrl && { webhookUrl: alertWebhookUrl }),
    },
    context.inCluster,
  );
  return new Prometheus(
    names.prometheus,
    {
      ...prometheus,
      ...context.shared,
      alertmanager: alertmanager.endpoint,
      alertmanagerAddress: alertmanager.address,
      ...(backups.enabled && { alerts: backupAlertRules }),
      clients: [podsOf(names.grafana)],
      image: context.image("prometheus"),
      transform: transform?.prometheus,
    },
    context.inCluster,
  );
}
