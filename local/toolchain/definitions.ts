import { goProgram } from "./go-program";
import {
  installedNginx,
  installedProgram,
  installedProvider,
  installedPulumi,
  type FindInstalled,
} from "./installed-tools";
import { kafkaJars } from "./kafka-jars";
import {
  bridgedProviders,
  kubernetesProvider,
  providerProgram,
  providerVersions,
  pulumi,
  pulumiVersion,
  type ProviderName,
} from "./pulumi-programs";
import type { Recipe } from "./recipe";
import { formatVersion, type Version } from "./search-path";
import type { ToolName } from "./tool";

/** How a tool is had. The ways are tried from top to bottom. */
export interface ToolDefinition {
  /** Looks for one that the user has installed. */
  readonly installed?: FindInstalled;
  /** What makes it, and the file of its result that it is (the whole folder if empty). */
  readonly made?: { readonly recipe: Recipe; readonly file: string; readonly version: string };
  /** Packages of Debian that bring it. */
  readonly packages?: readonly string[];
  /** For what has to be there already: what to tell the user who does not have it. */
  readonly prerequisite?: string;
}

/** Version of etcd's neighbours: the API server, the controllers, the scheduler and kubectl. */
export const kubernetesVersion = "1.34.4";

/** kubectl may be one minor version older or newer than the API server. */
const kubectlMinors = [33, 34, 35];

/** Kafka 4 needs Java 17. */
const neededJava = 17;

const controlPlane = goProgram({
  name: "control-plane",
  title: "Kubernetes (etcd, API server, controllers, scheduler, KWOK, kubectl)",
  duration: "5 min",
  variables: {
    "k8s.io/component-base/version.gitVersion": `v${kubernetesVersion}`,
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "34",
    "k8s.io/component-base/version.gitTreeState": "clean",
    "k8s.io/client-go/pkg/version.gitVersion": `v${kubernetesVersion}`,
  },
  links: ["kubectl"],
});

const certManager = goProgram({
  name: "cert-manager",
  title: "cert-manager, for tests",
  duration: "4 min",
  files: ["certificaterequests", "certificates", "clusterissuers", "issuers"].map((kind) => ({
    module: "github.com/cert-manager/cert-manager",
    path: `deploy/crds/cert-manager.io_${kind}.yaml`,
  })),
});

const minio = goProgram({
  name: "minio",
  title: "MinIO, for tests",
  duration: "3 min",
  packages: ["github.com/minio/minio"],
});

const minioClient = goProgram({
  name: "mc",
  title: "MinIO client, for tests",
  duration: "1 min",
  packages: ["github.com/minio/mc"],
});

// Debian's own build finds nothing in Kubernetes, so it can't be started with our configuration.
const prometheus = goProgram({
  name: "prometheus",
  title: "Prometheus, for tests",
  duration: "3 min",
  packages: [
    "github.com/prometheus/prometheus/cmd/prometheus",
    "github.com/prometheus/prometheus/cmd/promtool",
  ],
  tags: ["remove_all_sd", "enable_kubernetes_sd"],
});

const rateLimit = goProgram({
  name: "ratelimit",
  title: "Envoy's rate-limit service, for tests",
  duration: "1 min",
  packages: ["github.com/envoyproxy/ratelimit/src/service_cmd"],
});

const grpcurl = goProgram({
  name: "grpcurl",
  title: "grpcurl, for tests",
  duration: "1 min",
  packages: ["github.com/fullstorydev/grpcurl/cmd/grpcurl"],
});

const kubeStateMetrics = goProgram({
  name: "kube-state-metrics",
  title: "kube-state-metrics, for tests",
  duration: "3 min",
  packages: ["k8s.io/kube-state-metrics/v2"],
});

const linters = goProgram({
  name: "linters",
  title: "kube-linter and Polaris, for tests",
  duration: "3 min",
  packages: ["golang.stackrox.io/kube-linter/cmd/kube-linter", "github.com/fairwindsops/polaris"],
});

// Its last release does not compile with the Kubernetes libraries of the other linters.
const kubeScore = goProgram({
  name: "kube-score",
  title: "kube-score, for tests",
  duration: "1 min",
  packages: ["github.com/zegl/kube-score/cmd/kube-score"],
});

/** Every tool, and how it is had. */
export const toolDefinitions: Readonly<Record<ToolName, ToolDefinition>> = {
  alertmanager: fromDebian(["alertmanager", "prometheus-alertmanager"], ["prometheus-alertmanager"]),
  amtool: fromDebian(["amtool"], ["prometheus-alertmanager"]),
  "cert-manager": { made: { recipe: certManager, file: "cert-manager", version: "1.21.2" } },
  "control-plane": { made: { recipe: controlPlane, file: "control-plane", version: kubernetesVersion } },
  ffmpeg: fromDebian(["ffmpeg"], ["ffmpeg"]),
  grpcurl: { made: { recipe: grpcurl, file: "grpcurl", version: "1.9.4" } },
  java: {
    installed: installedProgram(["java"], { args: ["-version"], accepts: ([major]) => major >= neededJava }),
    prerequisite: `Java ${neededJava} or newer is needed to run Kafka, and \`java\` on the PATH is older or missing. Install a JDK or JRE, such as Debian's openjdk-17-jre-headless.`,
  },
  kafka: { made: { recipe: kafkaJars, file: "", version: "4.3.1" } },
  "kafka-provider": { made: provider("kafka", bridgedProviders) },
  "kube-linter": linter("kube-linter", linters, [0, 8, 3]),
  "kube-score": linter("kube-score", kubeScore, [1, 20, 0]),
  "kube-state-metrics": {
    made: { recipe: kubeStateMetrics, file: "kube-state-metrics", version: "2.16.0" },
  },
  kubectl: {
    installed: installedProgram(["kubectl"], {
      args: ["version", "--client"],
      accepts: ([major, minor]) => major === 1 && kubectlMinors.includes(minor),
    }),
    made: { recipe: controlPlane, file: "kubectl", version: kubernetesVersion },
  },
  "kubernetes-provider": {
    installed: installedProvider("kubernetes"),
    made: provider("kubernetes", kubernetesProvider),
  },
  mariadb: fromDebian(["mariadbd"], ["mariadb-server"]),
  mc: { made: { recipe: minioClient, file: "mc", version: "2025-08-13" } },
  minio: {
    installed: installedProgram(["minio"]),
    made: { recipe: minio, file: "minio", version: "2025-09-07" },
  },
  nginx: { installed: installedNginx, packages: ["nginx", "libnginx-mod-rtmp", "libnginx-mod-http-js"] },
  polaris: linter("polaris", linters, [10, 1, 7]),
  postgresql: fromDebian(["postgres"], ["postgresql"]),
  prometheus: { made: { recipe: prometheus, file: "prometheus", version: "3.14.0" } },
  promtool: { made: { recipe: prometheus, file: "promtool", version: "3.14.0" } },
  pulumi: { installed: installedPulumi, made: { recipe: pulumi, file: "pulumi", version: pulumiVersion } },
  "random-provider": { made: provider("random", bridgedProviders) },
  ratelimit: { made: { recipe: rateLimit, file: "ratelimit", version: "2025-08-15" } },
  redis: fromDebian(["redis-server"], ["redis-server"]),
};

function fromDebian(programs: readonly string[], packages: readonly string[]): ToolDefinition {
  return { installed: installedProgram(programs), packages };
}

/** Another minor version of a linter has other checks, so what it finds says nothing about the list of what is accepted. */
function linter(name: ToolName, recipe: Recipe, version: Version): ToolDefinition {
  return {
    installed: installedProgram([name], {
      args: ["version"],
      accepts: ([major, minor]) => major === version[0] && minor === version[1],
    }),
    made: { recipe, file: name, version: formatVersion(version) },
  };
}

function provider(name: ProviderName, recipe: Recipe): NonNullable<ToolDefinition["made"]> {
  return { recipe, file: providerProgram(name), version: providerVersions[name] };
}

/** The names of all tools. */
export const toolNames: readonly ToolName[] = Object.keys(toolDefinitions).filter(isToolName);

/** Whether there is a tool of that name. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolDefinitions, name);
}
