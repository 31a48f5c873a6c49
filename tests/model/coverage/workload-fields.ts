import { field, honoured, under, type PartField } from "./covered-field";

const metric = (fields: Readonly<Record<string, unknown>>): object => ({
  enabled: true,
  maxReplicas: 4,
  metrics: [fields],
});

const cpu = {
  sourceType: "Resource",
  targetType: "Utilization",
  resourceName: "cpu",
  averageUtilization: 70,
};
const pods = { sourceType: "Pods", targetType: "AverageValue", metricName: "runs", averageValue: "5" };
const object = {
  sourceType: "Object",
  targetType: "Value",
  metricName: "rate",
  value: "5",
  objectApiVersion: "v1",
  objectKind: "Service",
  objectName: "edge",
};

/** A field of a metric: the same metric with another value of it. */
function ofMetric(
  name: string,
  meaning: string,
  base: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): PartField {
  const change = { at: "", before: metric(base), after: metric({ ...base, ...other }) };
  return field("honoured", `metrics[].${name}`, meaning, change);
}

const scaled = { enabled: true, minReplicas: 2, maxReplicas: 4 };

const autoscaling: readonly PartField[] = [
  field("honoured", "enabled", "whether the number of pods follows metrics", {
    at: "",
    before: { ...scaled, enabled: false },
    after: scaled,
  }),
  field("honoured", "minReplicas", "fewest pods", {
    at: "",
    before: scaled,
    after: { ...scaled, minReplicas: 3 },
  }),
  field("honoured", "maxReplicas", "most pods; automatic partitions", {
    at: "",
    before: scaled,
    after: { ...scaled, maxReplicas: 5 },
  }),
  ofMetric("sourceType", "where the metric comes from", pods, { sourceType: "External" }),
  ofMetric(
    "targetType",
    "how the value is meant",
    { ...object, averageValue: undefined },
    {
      targetType: "AverageValue",
      value: undefined,
      averageValue: "5",
    },
  ),
  ofMetric("resourceName", "cpu or memory", cpu, { resourceName: "memory" }),
  ofMetric("metricName", "name of the metric", pods, { metricName: "waits" }),
  ofMetric("metricSelector", "labels that narrow the metric", pods, { metricSelector: "queue=a" }),
  ofMetric("objectApiVersion", "object that is measured", object, { objectApiVersion: "v2" }),
  ofMetric("objectKind", "object that is measured", object, { objectKind: "Pod" }),
  ofMetric("objectName", "object that is measured", object, { objectName: "core" }),
  ofMetric("averageUtilization", "percent of the request", cpu, { averageUtilization: 80 }),
  ofMetric("averageValue", "value for each pod", pods, { averageValue: "6" }),
  ofMetric("value", "value of the object", object, { value: "6" }),
];

const port = { isInt32: true, int32Value: 8080, isString: false, stringValue: "http" };
const http = {
  port,
  host: "localhost",
  path: "/up",
  scheme: "HTTP",
  httpHeaders: [{ name: "A", value: "b" }],
};

function ofPort(action: "httpGet" | "tcpSocket", rest: object): readonly PartField[] {
  const change = (other: object): { at: string; before: object; after: object } => ({
    at: "",
    before: { [action]: { ...rest, port } },
    after: { [action]: { ...rest, port: { ...port, ...other } } },
  });
  const named = change({ isInt32: false, isString: true });
  const textPort = { ...port, isInt32: false, isString: true };
  return [
    field("honoured", `${action}.port.isInt32`, "the port is a number", named),
    field("honoured", `${action}.port.isString`, "the port is a name", named),
    field("honoured", `${action}.port.int32Value`, "port by number", change({ int32Value: 9090 })),
    field("honoured", `${action}.port.stringValue`, "port by name", {
      at: "",
      before: { [action]: { ...rest, port: textPort } },
      after: { [action]: { ...rest, port: { ...textPort, stringValue: "grpc" } } },
    }),
  ];
}

function ofHttpGet(name: string, meaning: string, other: object): PartField {
  const change = { at: "", before: { httpGet: http }, after: { httpGet: { ...http, ...other } } };
  return field("honoured", `httpGet.${name}`, meaning, change);
}

function ofTiming(name: string, meaning: string, before = 1, after = 2): PartField {
  const tcpSocket = { port: 8080 };
  return field("honoured", name, meaning, {
    at: "",
    before: { tcpSocket, [name]: before },
    after: { tcpSocket, [name]: after },
  });
}

const probe: readonly PartField[] = [
  field("honoured", "exec.command[]", "command that answers", {
    at: "",
    before: { exec: { command: ["/bin/true"] } },
    after: { exec: { command: ["/bin/up"] } },
  }),
  ofHttpGet("host", "host that is asked", { host: "127.0.0.1" }),
  ofHttpGet("httpHeaders[].name", "header that is sent", { httpHeaders: [{ name: "B", value: "b" }] }),
  ofHttpGet("httpHeaders[].value", "header that is sent", { httpHeaders: [{ name: "A", value: "c" }] }),
  ofHttpGet("path", "path that is asked", { path: "/alive" }),
  ofHttpGet("scheme", "HTTP or HTTPS", { scheme: "HTTPS" }),
  ...ofPort("httpGet", { path: "/up" }),
  field("honoured", "tcpSocket.host", "host that is connected to", {
    at: "",
    before: { tcpSocket: { port: 8080, host: "localhost" } },
    after: { tcpSocket: { port: 8080, host: "127.0.0.1" } },
  }),
  ...ofPort("tcpSocket", {}),
  ofTiming("initialDelaySeconds", "seconds before the first"),
  ofTiming("periodSeconds", "seconds between two"),
  ofTiming("timeoutSeconds", "seconds for an answer"),
  ofTiming("failureThreshold", "failures that count"),
];

const livenessProbe: readonly PartField[] = [
  ...probe,
  field("checked", "successThreshold", "1, as Kubernetes has it", {
    at: "",
    before: { tcpSocket: { port: 8080 }, successThreshold: 1 },
    after: { tcpSocket: { port: 8080 }, successThreshold: 2 },
  }),
];

const readinessProbe: readonly PartField[] = [...probe, ofTiming("successThreshold", "successes that count")];

const list = (name: "limits" | "requests"): object => ({ [name]: { cpu: "1" } });

/** What every component says about its pods. */
export const workloadFields: readonly PartField[] = [
  honoured("replicas", "number of pods, the first number with autoscaling", 3),
  field("honoured", "resources.limits.{}", "limits of the container", {
    at: "resources",
    before: list("limits"),
    after: { limits: { cpu: "2" } },
  }),
  field("honoured", "resources.requests.{}", "requests of the container", {
    at: "resources",
    before: list("requests"),
    after: { requests: { cpu: "2" } },
  }),
  ...under("autoscaling", autoscaling),
  ...under("livenessProbe", livenessProbe),
  ...under("readinessProbe", readinessProbe),
];

/** An image; a command is its owner's. */
export const imageFields: readonly PartField[] = [
  field("honoured", "repository", "image without its tag", image({ repository: "ghcr.io/acme/other" })),
  field("honoured", "tag", "tag of the image", image({ tag: "2.0.0" })),
  field("honoured", "imagePullPolicy", "when the image is pulled", image({ imagePullPolicy: "Always" })),
];

function image(other: object): { at: string; before: object; after: object } {
  const before = { repository: "ghcr.io/acme/one", tag: "1.0.0", imagePullPolicy: "Never" };
  return { at: "", before, after: { ...before, ...other } };
}
