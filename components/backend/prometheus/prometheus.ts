import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { imageReference, images, type PinnedImage } from "../../images";
import type { AlertRule } from "../../../pipelines/observability/alert-rule";
import type { NetworkAddress, ScrapeService } from "../../platform-services";
import type { ContainerResources } from "../../workload/container-resources";
import { anywhere } from "../../workload/network-policy";
import type { PodDefaults } from "../../workload/pod-defaults";
import { httpProbe } from "../../workload/probes";
import { SharedFiles, type SharedFolder } from "../../workload/shared-files";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import { alertRules, recordingRules, renderRules } from "./rules";
import { kubeletPort, renderScrapeConfig, scrapeAnnotations } from "./scrape-config";
import { ownershipLabels } from "../../workload/labels";

const rulesFolder = "/etc/prometheus/rules";
const pipelineRulesFolder = "/etc/prometheus/pipeline-rules";

/** Number of ConfigMaps for the rule files of pipelines: room for several hundred pipelines of ten components. */
const ruleFileParts = 8;

/** Makes Prometheus look every 30 seconds whether its configuration or a rule file has changed. */
export const rereadsFiles = "--enable-feature=auto-reload-config";

/** Where Prometheus answers. */
export const prometheusPort = 9090;

/** Arguments of {@link Prometheus}. */
export interface PrometheusArgs {
  readonly namespace: pulumi.Input<string>;
  /** `host:port` of Alertmanager. */
  readonly alertmanager: pulumi.Input<string>;
  /** Where Alertmanager's pods are. */
  readonly alertmanagerAddress: NetworkAddress;
  /** Who may query it, beside itself. @default nobody */
  readonly clients?: NetworkAddress["peers"];
  /** @default images.prometheus */
  readonly image?: PinnedImage;
  /** Conditions beside those that every platform has. @default none */
  readonly alerts?: readonly AlertRule[];
  /** How long samples are kept, in Prometheus' notation. @default "15d" */
  readonly retention?: string;
  /** Size of the volume. @default "20Gi" */
  readonly storageSize?: string;
  /** @default medium: 250m to 2 CPU, 1Gi of memory */
  readonly resources?: ContainerResources;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/**
 * Prometheus: finds pods by annotations in all namespaces, computes the rules, tells Alertmanager. One replica: two
 * would scrape everything twice; what is lost with its node is metrics, never data.
 */
export class Prometheus extends Component implements ScrapeService {
  /** Address that queries go to. */
  readonly url: pulumi.Output<string>;
  readonly address: NetworkAddress;
  /** Rule files of pipelines, which it takes up while it runs. */
  readonly ruleFiles: SharedFolder;
  readonly nodes: { readonly workload: StatefulSetWorkload };

  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:Prometheus", name, opts);
    const access = this.discoveryAccess(args.namespace);
    const { namespace } = args;
    this.ruleFiles = new SharedFiles(
      this.childName("pipeline-rules"),
      { namespace, parts: ruleFileParts },
      this.childOptions(),
    );
    const workload = this.makeWorkload(args, access);
    this.url = pulumi.interpolate`http://${workload.host()}:${prometheusPort}`;
    this.address = workload.address();
    this.nodes = { workload };
    this.registerOutputs({ url: this.url });
  }

  scrapeAnnotations(port: number, path: string): Readonly<Record<string, string>> {
    return scrapeAnnotations(port, path);
  }

  private makeWorkload(args: PrometheusArgs, dependsOn: pulumi.Resource[]): StatefulSetWorkload {
    const image = args.image ?? images.prometheus;
    const config = pulumi.output(args.alertmanager).apply((alertmanager) =>
      renderScrapeConfig({
        alertmanagers: [alertmanager],
        ruleFiles: [`${rulesFolder}/*.yml`, `${pipelineRulesFolder}/*.yml`],
        kubeletTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
      }),
    );
    return new StatefulSetWorkload(
      this.logicalName,
      {
        namespace: args.namespace,
        app: { name: "prometheus", component: "metrics", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        // The image's own user, `nobody`.
        userId: 65534,
        apiAccess: true,
        terminationGracePeriodSeconds: 120,
        volumes: {
          config: { files: { "prometheus.yml": config } },
          rules: {
            files: { "algorun.yml": renderRules(recordingRules, [...alertRules, ...(args.alerts ?? [])]) },
          },
          "pipeline-rules": { configMaps: this.ruleFiles.configMaps },
        },
        claims: { data: { size: args.storageSize ?? "20Gi" } },
        containers: [
          {
            name: "prometheus",
            image: imageReference(image),
            args: [
              "--config.file=/etc/prometheus/config/prometheus.yml",
              "--storage.tsdb.path=/prometheus",
              `--storage.tsdb.retention.time=${args.retention ?? "15d"}`,
              rereadsFiles,
            ],
            ports: [{ name: "http", port: prometheusPort, clients: args.clients }],
            resources: args.resources ?? "medium",
            mounts: [
              { volume: "config", path: "/etc/prometheus/config" },
              { volume: "rules", path: rulesFolder },
              { volume: "pipeline-rules", path: pipelineRulesFolder },
              { volume: "data", path: "/prometheus" },
            ],
            probes: {
              liveness: httpProbe("http", "/-/healthy"),
              readiness: httpProbe("http", "/-/ready"),
              // Replaying the write-ahead log of a busy hour takes minutes.
              startup: httpProbe("http", "/-/ready", { failureThreshold: 90 }),
            },
          },
        ],
        egress: [args.alertmanagerAddress, everyPod, everyKubelet],
      },
      { parent: this, dependsOn },
    );
  }

  /** Where pods and nodes are, and what kubelets measure; nothing else, and nothing can be changed. */
  private discoveryAccess(namespace: pulumi.Input<string>): pulumi.Resource[] {
    const metadata = {
      name: `${this.logicalName}-discovery`,
      labels: { ...ownershipLabels },
    };
    const role = this.child(k8s.rbac.v1.ClusterRole, "discovery", {
      metadata,
      rules: [
        { apiGroups: [""], resources: ["nodes", "pods"], verbs: ["get", "list", "watch"] },
        // Not `nodes/proxy`, by which commands can be run in any pod.
        { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      ],
    });
    const binding = this.child(k8s.rbac.v1.ClusterRoleBinding, "discovery", {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: this.logicalName, namespace }],
    });
    return [role, binding];
  }
}

/** Metrics ports differ from pod to pod; each pod's own policy says whether Prometheus may come in. */
const everyPod: NetworkAddress = { peers: [{ namespaceSelector: {} }], ports: [] };

/** Nodes have no labels that a policy could select, but all kubelets listen on one port. */
const everyKubelet: NetworkAddress = { peers: anywhere, ports: [kubeletPort] };
