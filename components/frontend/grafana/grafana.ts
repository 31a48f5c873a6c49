import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { imageReference, images, type PinnedImage } from "../../images";
import type { NetworkAddress } from "../../platform-services";
import { firstGeneration, type SecretGeneration } from "../../secret-rotation";
import type { ContainerResources } from "../../workload/container-resources";
import type { ContainerArgs } from "../../workload/pod-args";
import type { PodDefaults } from "../../workload/pod-defaults";
import { httpProbe, tcpProbe } from "../../workload/probes";
import { SharedFiles, type SharedFolder } from "../../workload/shared-files";
import { stableJson } from "../../workload/stable-text";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import type { BackupSource } from "../../backend/backup/backup-source";
import { sqliteBackupSource } from "../../backend/backup/sqlite-backup";
import { renderDashboard } from "../../../pipelines/observability/dashboard";
import { dashboards } from "./dashboards";
import {
  credentialsFolder,
  dashboardsFolder,
  dataFolder,
  pipelineDashboardsFolder,
  renderDashboardProviders,
  renderDatasources,
  renderGrafanaIni,
  renderPasswordScript,
} from "./grafana-config";

const configFile = "/etc/grafana/config/grafana.ini";

/** Number of ConfigMaps for the dashboards of pipelines: room for several hundred pipelines of ten components. */
const dashboardParts = 16;

/** Where Grafana answers. */
export const grafanaPort = 3000;

/** Address of a dashboard by its uid, given Grafana's own. */
export function dashboardAddress(grafana: pulumi.Input<string>, uid: string): pulumi.Output<string> {
  return pulumi.interpolate`${grafana}/d/${uid}`;
}

/** Arguments of {@link Grafana}. */
export interface GrafanaArgs {
  readonly namespace: pulumi.Input<string>;
  /** Address of Prometheus. */
  readonly prometheusUrl: pulumi.Input<string>;
  /** Where Prometheus' pods are. */
  readonly prometheusAddress: NetworkAddress;
  /** Who may open it inside the cluster. @default nobody: reach it with `kubectl port-forward` */
  readonly clients?: NetworkAddress["peers"];
  /** @default images.grafana */
  readonly image?: PinnedImage;
  /** Size of the volume for users and preferences; dashboards are provisioned. @default "1Gi" */
  readonly storageSize?: string;
  /** @default small: 100m to 1 CPU, 256Mi of memory */
  readonly resources?: ContainerResources;
  /** Of the password of the user `admin`. @default the first */
  readonly generation?: SecretGeneration;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/** Grafana with the AlgoRun dashboards. One replica, since its own database is a file. */
export class Grafana extends Component {
  /** Address inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** Password of the user `admin`; a secret. */
  readonly adminPassword: pulumi.Output<string>;
  /** Dashboards of pipelines, which it takes up while it runs. */
  readonly pipelineDashboards: SharedFolder;
  readonly nodes: { readonly workload: StatefulSetWorkload };
  private readonly storageSize: string;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("frontend:Grafana", name, opts);
    this.adminPassword = this.generateSecret("admin", { length: 32 }, args.generation).inUse;
    this.storageSize = args.storageSize ?? "1Gi";
    const { namespace } = args;
    this.pipelineDashboards = new SharedFiles(
      this.childName("pipeline-dashboards"),
      { namespace, parts: dashboardParts },
      this.childOptions(),
    );
    const workload = this.makeWorkload(args);
    this.url = pulumi.interpolate`http://${workload.host()}:${grafanaPort}`;
    this.nodes = { workload };
    this.registerOutputs({ url: this.url });
  }

  /**
   * How its users, preferences and dashboards of their own are dumped and restored.
   *
   * @param image - full reference of an image with Python
   */
  backupSource(image: string): BackupSource {
    return sqliteBackupSource({
      workload: this.logicalName,
      app: "grafana",
      claim: `data-${this.logicalName}-0`,
      file: "grafana.db",
      image,
      storageSize: this.storageSize,
    });
  }

  /** Address of a dashboard, inside the cluster. */
  dashboardAddress(uid: string): pulumi.Output<string> {
    return dashboardAddress(this.url, uid);
  }

  private makeWorkload(args: GrafanaArgs): StatefulSetWorkload {
    const image = args.image ?? images.grafana;
    const datasources = pulumi.output(args.prometheusUrl).apply(renderDatasources);
    const boards = dashboards.map(
      (board) => [`${board.uid}.json`, stableJson(renderDashboard(board))] as const,
    );
    return new StatefulSetWorkload(
      this.logicalName,
      {
        namespace: args.namespace,
        app: { name: "grafana", component: "dashboards", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        volumes: {
          config: { files: { "grafana.ini": renderGrafanaIni() } },
          datasources: { files: { "prometheus.yaml": datasources } },
          providers: { files: { "algorun.yaml": renderDashboardProviders() } },
          dashboards: { files: Object.fromEntries(boards) },
          "pipeline-dashboards": { configMaps: this.pipelineDashboards.configMaps },
          credentials: { secretFiles: { user: "admin", password: this.adminPassword } },
        },
        claims: { data: { size: this.storageSize } },
        ...((args.generation ?? firstGeneration).inUse > 1 && {
          initContainers: [passwordContainer(imageReference(image))],
        }),
        containers: [
          {
            name: "grafana",
            image: imageReference(image),
            env: { GF_PATHS_CONFIG: configFile },
            ports: [{ name: "http", port: grafanaPort, clients: args.clients }],
            resources: args.resources ?? "small",
            mounts: [
              { volume: "config", path: "/etc/grafana/config" },
              { volume: "datasources", path: "/etc/grafana/provisioning/datasources" },
              { volume: "providers", path: "/etc/grafana/provisioning/dashboards" },
              { volume: "dashboards", path: dashboardsFolder },
              { volume: "pipeline-dashboards", path: pipelineDashboardsFolder },
              { volume: "credentials", path: credentialsFolder },
              { volume: "data", path: dataFolder },
            ],
            probes: {
              liveness: tcpProbe("http"),
              readiness: httpProbe("http", "/api/health"),
              // The first start makes the database.
              startup: httpProbe("http", "/api/health", { failureThreshold: 30 }),
            },
          },
        ],
        egress: [args.prometheusAddress],
      },
      { parent: this },
    );
  }
}

/** Sets a later password, while nobody else has Grafana's database open. */
function passwordContainer(image: string): ContainerArgs {
  return {
    name: "password",
    image,
    command: ["sh", "-c", renderPasswordScript(configFile)],
    mounts: [
      { volume: "config", path: "/etc/grafana/config" },
      { volume: "credentials", path: credentialsFolder },
      { volume: "data", path: dataFolder },
    ],
  };
}
