import { stableYaml } from "../../workload/stable-text";
import { prometheusDatasourceUid } from "../../../pipelines/observability/dashboard";

/** Folder in the container with the administrator's credentials as files `user` and `password`. */
export const credentialsFolder = "/etc/grafana/credentials";
/** Folder in the container with dashboards. */
export const dashboardsFolder = "/etc/grafana/dashboards";
/** Folder in the container with dashboards of pipelines, which come and go while Grafana runs. */
export const pipelineDashboardsFolder = "/etc/grafana/pipeline-dashboards";

/** Renders `grafana.ini`: nobody signs up, nobody looks in without a name, nothing is reported to anyone. */
export function renderGrafanaIni(): string {
  return [
    "[analytics]",
    "reporting_enabled = false",
    "check_for_updates = false",
    "check_for_plugin_updates = false",
    "",
    "[auth.anonymous]",
    "enabled = false",
    "",
    "[log]",
    "mode = console",
    "",
    "[security]",
    `admin_user = $__file{${credentialsFolder}/user}`,
    `admin_password = $__file{${credentialsFolder}/password}`,
    "cookie_samesite = strict",
    "disable_gravatar = true",
    "",
    "[users]",
    "allow_sign_up = false",
    "",
  ].join("\n");
}

/** Folder in the container with Grafana's own database. */
export const dataFolder = "/var/lib/grafana";

/**
 * Gives the user `admin` the password that is mounted, before the server starts: Grafana itself reads it only when it
 * makes its database.
 */
export function renderPasswordScript(configFile: string): string {
  return [
    "set -eu",
    `[ -s ${dataFolder}/grafana.db ] || exit 0`,
    `grafana cli --homepath /usr/share/grafana --config ${configFile} admin reset-admin-password --password-from-stdin < ${credentialsFolder}/password`,
  ].join("\n");
}

/** Renders the data source that dashboards ask. */
export function renderDatasources(prometheusUrl: string): string {
  return stableYaml({
    apiVersion: 1,
    datasources: [
      {
        name: "Prometheus",
        uid: prometheusDatasourceUid,
        type: "prometheus",
        access: "proxy",
        url: prometheusUrl,
        isDefault: true,
        editable: false,
      },
    ],
  });
}

/** Renders where dashboards are found. */
export function renderDashboardProviders(): string {
  return stableYaml({
    apiVersion: 1,
    providers: [
      {
        name: "algorun",
        folder: "AlgoRun",
        type: "file",
        allowUiUpdates: false,
        disableDeletion: true,
        options: { path: dashboardsFolder },
      },
      {
        name: "pipelines",
        folder: "AlgoRun pipelines",
        type: "file",
        allowUiUpdates: false,
        // A pipeline that leaves takes its dashboard along.
        disableDeletion: false,
        updateIntervalSeconds: 30,
        options: { path: pipelineDashboardsFolder },
      },
    ],
  });
}
