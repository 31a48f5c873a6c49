import type { Given } from "./harness";

/** Any JSON-like data that tests build resources from. */
export type Data =
  string | number | boolean | null | symbol | readonly Data[] | { readonly [key: string]: Data };

/** Keys and positions that lead to a field. */
export type Path = readonly (string | number)[];

/** A digest as registries give it. */
export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** A container that keeps every rule. */
export const goodContainer = {
  name: "runner",
  image: "ghcr.io/algorun/runner:1.4.2",
  imagePullPolicy: "Always",
  env: [
    { name: "KAFKA_BROKERS", value: "kafka.algorun.svc:9093" },
    { name: "KAFKA_AUTH_PASSWORD", valueFrom: { secretKeyRef: { name: "runner", key: "password" } } },
  ],
  args: ["--config", "/etc/runner/config.json"],
  ports: [{ name: "http", containerPort: 10080 }],
  livenessProbe: { httpGet: { path: "/health", port: "http" }, failureThreshold: 6 },
  readinessProbe: { httpGet: { path: "/ready", port: "http" } },
  lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
  resources: {
    requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "1Gi" },
    limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "2Gi" },
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
  },
};

/** A template that keeps every rule, with every role of container. */
export const goodTemplate = {
  metadata: { labels: { app: "runner" }, annotations: { "prometheus.io/scrape": "true" } },
  spec: {
    serviceAccountName: "runner",
    automountServiceAccountToken: false,
    hostNetwork: false,
    terminationGracePeriodSeconds: 30,
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
    ],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: "RuntimeDefault" },
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
    },
    initContainers: [{ ...goodContainer, name: "copy" }],
    containers: [goodContainer, { ...goodContainer, name: "algo", image: `algohub/algo@${digest}` }],
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "config", configMap: { name: "runner" } },
      { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
      { name: "model", image: { reference: "algohub/model:7.0", pullPolicy: "Always" } },
    ],
  },
};

/** A Deployment that keeps every rule. */
export const goodDeployment: Given = {
  type: "kubernetes:apps/v1:Deployment",
  name: "local-test-runner",
  props: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "runner",
      namespace: "algorun-local-test",
      labels: {
        "app.kubernetes.io/part-of": "algo.run",
        "app.kubernetes.io/managed-by": "pulumi",
        "algo.run/pipeline-deployment": "local.test",
        "app.kubernetes.io/component": "algo",
        "algo.run/algo": "tests.text",
        "algo.run/algo-version": "1.0",
        "algo.run/index": "1",
      },
    },
    spec: { replicas: 2, selector: { matchLabels: { app: "runner" } }, template: goodTemplate },
  },
};

/** Where the fields of the Deployment's first container stand. */
export const runner: Path = ["spec", "template", "spec", "containers", 0];

/** Where the pod spec of the Deployment stands. */
export const podSpec: Path = ["spec", "template", "spec"];

/** The same resource with one field changed; undefined takes the field out. */
export function withField(given: Given, path: Path, value: Data | undefined): Given {
  const props: unknown = replaced(given.props, path, value);
  if (!isMap(props)) throw new Error("a resource's properties stay a map");
  return { ...given, props };
}

/** Paths of everything inside a resource, from the outside in. */
export function pathsIn(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    return [[step], ...pathsIn(inner).map((path) => [step, ...path])];
  });
}

function replaced(value: unknown, [step, ...rest]: Path, last: Data | undefined): unknown {
  if (step === undefined) return last;
  if (isList(value) && typeof step === "number") {
    const items = [...value];
    items.splice(step, 1, ...present(replaced(value[step], rest, last)));
    return items;
  }
  const map = isMap(value) ? value : {};
  const { [String(step)]: inner, ...others } = map;
  const next = replaced(inner, rest, last);
  return next === undefined ? others : { ...map, [String(step)]: next };
}

function present(value: unknown): unknown[] {
  return value === undefined ? [] : [value];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
