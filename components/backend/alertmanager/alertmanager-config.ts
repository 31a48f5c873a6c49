import { stableYaml } from "../../workload/stable-text";

/** What Alertmanager's configuration depends on. */
export interface AlertmanagerConfigArgs {
  /** Where alerts are posted; undefined: they are only shown. */
  readonly webhookUrl: string | undefined;
}

/**
 * Renders `alertmanager.yml`. Alerts of one deployment arrive together; a warning is silent while a critical alert of
 * the same deployment is firing.
 */
export function renderAlertmanagerConfig({ webhookUrl }: AlertmanagerConfigArgs): string {
  return stableYaml({
    route: {
      receiver: "operators",
      group_by: ["alertname", "deployment"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"', 'deployment!=""'],
        target_matchers: ['severity="warning"'],
        equal: ["deployment"],
      },
    ],
    receivers: [
      {
        name: "operators",
        webhook_configs: webhookUrl === undefined ? undefined : [{ url: webhookUrl, send_resolved: true }],
      },
    ],
  });
}
