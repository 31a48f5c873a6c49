import { reportDuplicates } from "./check-algo";
import { checkBrokers } from "./check-brokers";
import { defaultLogPath, gatewayConfig } from "./gateway-config";
import { endpointPorts } from "./endpoint-ports";
import { endpointName } from "./link-pipes";
import type { EndpointPathPlan, EndpointPlan, IngressPlan } from "./plan";
import { planDataEgress, planIdentity, type PlanContext } from "./plan-context";
import type { PathStep } from "./problem";
import type { EndpointPathSpec, EndpointSpec } from "./schema-endpoint";
import { compareText } from "./text";
import { componentLabels, planImage, planWorkload } from "./workload-planner";

const defaultLogSize = "1Gi";

const at: readonly PathStep[] = ["spec", "endpoint"];

/** The endpoint of a deployment. */
export function planEndpoint(endpoint: EndpointSpec, context: PlanContext): EndpointPlan {
  const { linked, report } = context;
  checkPaths(endpoint, context);
  if (endpoint.kafka?.brokers !== undefined) {
    checkBrokers(endpoint.kafka.brokers, context.facts, linked.source, [...at, "kafka", "brokers"], report);
  }
  const ports = planPorts(endpoint, context);
  const paths = endpoint.paths
    .map((path) => planPath(path, context))
    .sort((a, b) => compareText(a.name, b.name));
  const protocols = new Set(paths.map(({ protocol }) => protocol));
  const ingress: readonly (IngressPlan | false)[] = [
    protocols.has("http") && { from: "gateway", port: ports.http },
    protocols.has("grpc") && { from: "gateway", port: ports.grpc },
    { from: "observability", port: ports.metrics },
  ];
  const egress = planDataEgress(context, endpointName);
  return {
    kind: "endpoint",
    name: endpointName,
    labels: componentLabels(context.labels, "endpoint", endpointName),
    identity: planIdentity(context, endpointName),
    ...planWorkload(endpoint, linked.source, at, report),
    image: endpoint.image && planImage(endpoint.image, linked.source, [...at, "image"], report),
    metricsPort: ports.metrics,
    network: {
      ingress: ingress.filter((rule) => rule !== false),
      egress: protocols.has("rtmp") ? [...egress, { to: "mediaStreams" }] : egress,
    },
    paths,
    ports,
    writeAheadLog: planLog(endpoint, context),
    config: gatewayConfig(endpoint, paths, ports, context),
  };
}

function planPath(path: EndpointPathSpec, { linked, topics }: PlanContext): EndpointPathPlan {
  const protocol = protocolOf(path);
  return {
    name: path.name,
    protocol,
    stream: protocol === "rtmp" ? `${linked.id}.${path.name}` : undefined,
    isDefault: path.isDefault,
    messageDataType: path.messageDataType,
    contentType: path.contentType,
    topic: topics.of(endpointName, path.name)?.plan.name ?? "",
  };
}

function protocolOf({ endpointType }: EndpointPathSpec): EndpointPathPlan["protocol"] {
  switch (endpointType) {
    case "HTTP":
      return "http";
    case "gRPC":
      return "grpc";
    case "RTMP":
      return "rtmp";
  }
}

function checkPaths({ paths }: EndpointSpec, { linked: { source }, report }: PlanContext): void {
  const names = paths.map(({ name }) => name);
  reportDuplicates(names, "path", source, [...at, "paths"], report);
  const defaults = paths.flatMap(({ isDefault }, index) => (isDefault ? [index] : []));
  for (const index of defaults.slice(1)) {
    const message = `a second default path beside ${names[defaults[0] ?? 0] ?? ""}, expected at most one`;
    report.error(source, [...at, "paths", index, "isDefault"], message);
  }
}

function planPorts(
  endpoint: EndpointSpec,
  { linked: { source }, report }: PlanContext,
): EndpointPlan["ports"] {
  const ports = endpointPorts(endpoint);
  const named = [
    ["http", ports.http],
    ["grpc", ports.grpc],
    ["monitoring", ports.metrics],
  ] as const;
  named.forEach(([name, port], index) => {
    const path = [...at, "server", name, "listen"];
    // Below 1024 needs a right that no pod of ours has.
    if (port < 1024 || port > 65535) report.error(source, path, `found port ${port}, expected 1024 to 65535`);
    const other = named.slice(0, index).find(([, taken]) => taken === port);
    if (other !== undefined) report.error(source, path, `found port ${port}, which ${other[0]} has already`);
  });
  return ports;
}

function planLog({ producer }: EndpointSpec, context: PlanContext): EndpointPlan["writeAheadLog"] {
  const { linked, report } = context;
  const path = producer?.wal?.path ?? defaultLogPath;
  if (producer?.wal?.in_memory !== true) return { path, size: String(producer?.wal?.size ?? defaultLogSize) };
  if (producer.wal.size !== undefined) {
    const message = "has no effect with in_memory: true; remove one of them";
    report.error(linked.source, [...at, "producer", "wal", "size"], message);
  }
  return { path };
}
