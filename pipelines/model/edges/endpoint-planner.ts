import { authenticationEgress, planAuthentication } from "./authentication-planner";
import { checkBrokers } from "./check-brokers";
import { planPaths } from "./endpoint-path-planner";
import { endpointPorts } from "./endpoint-ports";
import { gatewayConfig, streamKeyFolder } from "./gateway-config";
import { endpointName } from "../link/link-pipes";
import type { EgressPlan, EndpointPlan, IngressPlan } from "../plan/plan";
import { planDataEgress, planIdentity, type PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import type { EndpointSpec } from "../schema/endpoint-schema";
import { componentLabels, planImage, planWorkload } from "../workloads/workload-planner";
import { planLog } from "./write-ahead-log";

const at: readonly PathStep[] = ["spec", "endpoint"];

/** The endpoint of a deployment. */
export function planEndpoint(endpoint: EndpointSpec, context: PlanContext): EndpointPlan {
  const { linked, report } = context;
  if (endpoint.kafka?.brokers !== undefined) {
    checkBrokers(endpoint.kafka.brokers, context.facts, linked.source, [...at, "kafka", "brokers"], report);
  }
  const ports = planPorts(endpoint, context);
  const paths = planPaths(endpoint, context);
  const authentication = planAuthentication(endpoint.authentication, paths, context);
  const writeAheadLog = planLog(endpoint, context);
  const protocols = new Set(paths.map(({ protocol }) => protocol));
  const ingress: readonly (IngressPlan | false)[] = [
    protocols.has("http") && { from: "gateway", port: ports.http },
    protocols.has("grpc") && { from: "gateway", port: ports.grpc },
    { from: "observability", port: ports.metrics },
  ];
  const takesStreams = protocols.has("rtmp");
  const egress: readonly EgressPlan[] = [
    ...planDataEgress(context, endpointName),
    ...(takesStreams ? [{ to: "mediaStreams" } as const] : []),
    ...authenticationEgress(authentication),
  ];
  return {
    kind: "endpoint",
    name: endpointName,
    labels: componentLabels(context.labels, "endpoint", endpointName),
    identity: planIdentity(context, endpointName),
    ...planWorkload(endpoint, "endpoint", at, context),
    image: endpoint.image && planImage(endpoint.image, linked.source, [...at, "image"], report),
    metricsPort: ports.metrics,
    network: {
      ingress: ingress.filter((rule) => rule !== false),
      egress,
    },
    paths,
    ports,
    writeAheadLog,
    authentication,
    streamKeyFolder: takesStreams ? streamKeyFolder : undefined,
    config: gatewayConfig(endpoint, { paths, ports, authentication, writeAheadLog }, context),
  };
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
