import { stableYaml } from "../../workload/stable-text";

/** What Prometheus' configuration depends on. */
export interface ScrapeConfigArgs {
  /** `host:port` of each Alertmanager. */
  readonly alertmanagers: readonly string[];
  /** Paths of rule files, patterns allowed. */
  readonly ruleFiles: readonly string[];
  /** File with the token by which kubelets are asked how full volumes are. @default undefined: they aren't asked */
  readonly kubeletTokenFile?: string;
  /** `host:port` at which Prometheus finds itself. @default "127.0.0.1:9090" */
  readonly self?: string;
  /** kubeconfig to find pods with. @default undefined: the pod's own service account */
  readonly kubeconfigFile?: string;
}

/** Where kubelets answer for their metrics. */
export const kubeletPort = 10250;

/**
 * Asks each node's kubelet, not by way of the API server: that would take a right with which commands can be run. Kubelets
 * sign their certificates themselves unless a cluster is told otherwise, so they can't be checked. Of the thousands of
 * series that a kubelet has, those of volumes are kept.
 */
function kubeletJob(tokenFile: string): object {
  return {
    job_name: "kubelets",
    scheme: "https",
    tls_config: { insecure_skip_verify: true },
    authorization: { credentials_file: tokenFile },
    scrape_interval: "60s",
    kubernetes_sd_configs: [{ role: "node" }],
    metric_relabel_configs: [
      {
        source_labels: ["__name__"],
        regex: "kubelet_volume_stats_(capacity|used)_bytes",
        action: "keep",
      },
    ],
  };
}

/** Prefix of the annotations by which a pod asks to be scraped; the convention that most charts follow. */
const annotation = "__meta_kubernetes_pod_annotation_prometheus_io";

/** Annotations by which a pod asks to be scraped. */
export function scrapeAnnotations(port: number, path: string): Readonly<Record<string, string>> {
  return { "prometheus.io/scrape": "true", "prometheus.io/port": String(port), "prometheus.io/path": path };
}

/** Renders `prometheus.yml`: scrapes Prometheus itself and every pod that asks for it. */
export function renderScrapeConfig(args: ScrapeConfigArgs): string {
  return stableYaml({
    global: { scrape_interval: "15s", scrape_timeout: "10s", evaluation_interval: "15s" },
    rule_files: args.ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: args.alertmanagers }] }] },
    scrape_configs: [
      { job_name: "prometheus", static_configs: [{ targets: [args.self ?? "127.0.0.1:9090"] }] },
      {
        job_name: "pods",
        kubernetes_sd_configs: [{ role: "pod", kubeconfig_file: args.kubeconfigFile }],
        relabel_configs: podRelabelling,
      },
      ...(args.kubeletTokenFile === undefined ? [] : [kubeletJob(args.kubeletTokenFile)]),
    ],
  });
}

/**
 * From discovered pods to targets. Discovery gives one target for each port that a pod declares; since no label tells
 * them apart in the end, they become one.
 */
const podRelabelling = [
  { source_labels: [`${annotation}_scrape`], regex: "true", action: "keep" },
  { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Pending|Succeeded|Failed", action: "drop" },
  {
    source_labels: [`${annotation}_path`],
    regex: "(.+)",
    target_label: "__metrics_path__",
    action: "replace",
  },
  {
    source_labels: ["__meta_kubernetes_pod_ip", `${annotation}_port`],
    separator: ";",
    regex: "(\\d+(?:\\.\\d+){3});(\\d+)",
    replacement: "$1:$2",
    target_label: "__address__",
    action: "replace",
  },
  {
    source_labels: ["__meta_kubernetes_pod_ip", `${annotation}_port`],
    separator: ";",
    regex: "([0-9a-fA-F:]+:[0-9a-fA-F:]*);(\\d+)",
    replacement: "[$1]:$2",
    target_label: "__address__",
    action: "replace",
  },
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace", action: "replace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod", action: "replace" },
  {
    source_labels: ["__meta_kubernetes_pod_label_app_kubernetes_io_name"],
    target_label: "app",
    action: "replace",
  },
];
