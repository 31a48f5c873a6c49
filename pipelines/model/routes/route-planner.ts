import { gatewayPrefix } from "./gateway-prefix";
import type { LinkedDeployment } from "../link/link";
import { kubernetesName } from "../values/names";
import type { EndpointPlan, OwnedName, RoutePlan } from "../plan/plan";
import { planRollout } from "./rollout-planner";
import type { RoutingSpec } from "../schema/routes-schema";
import { compareText, distinct, shortHash } from "../values/text";
import { planTraffic } from "./traffic-planner";

/** gRPC service of AlgoRun's gateway; it has no package, so that every deployment's calls look alike. */
const grpcService = "PipelineEndpoint";
/** Request header by which gRPC callers say which deployment they mean. */
export const deploymentHeader = "x-algorun-deployment";

/**
 * The routes that lead to an endpoint: one for each protocol of its paths, and for each host name that is stated, and for
 * each of these the rollouts; media streams have none.
 */
export function planRoutes(
  { spec, rollout }: LinkedDeployment,
  endpoint: EndpointPlan | undefined,
): readonly RoutePlan[] {
  if (endpoint === undefined) return [];
  const deployment = { owner: spec.deploymentOwner, name: spec.deploymentName };
  const routing = spec.endpoint?.routing;
  const protocols = new Set(endpoint.paths.map(({ protocol }) => protocol));
  const hostnames = routing?.hostnames === undefined ? [undefined] : distinct(routing.hostnames);
  return hostnames
    .flatMap((hostname) => [
      grpcRoute(deployment, endpoint, routing, hostname),
      httpRoute(deployment, endpoint, routing, hostname),
    ])
    .filter(({ protocol }) => protocols.has(protocol))
    .flatMap((own) => [own, ...planRollout(own, rollout)])
    .sort((a, b) => compareText(a.name, b.name));
}

function grpcRoute(
  { owner, name }: OwnedName,
  endpoint: EndpointPlan,
  routing: RoutingSpec | undefined,
  hostname: string | undefined,
): RoutePlan {
  return {
    name: routeName("grpc", hostname),
    protocol: "grpc",
    hostname,
    prefix: `/${grpcService}/`,
    rewrite: "",
    // A host name of its own says which deployment is meant.
    headers: hostname === undefined ? { [deploymentHeader]: `${owner}.${name}` } : {},
    target: { component: endpoint.name, port: endpoint.ports.grpc },
    role: { kind: "own" },
    traffic: planTraffic(routing, "grpc"),
  };
}

function httpRoute(
  deployment: OwnedName,
  endpoint: EndpointPlan,
  routing: RoutingSpec | undefined,
  hostname: string | undefined,
): RoutePlan {
  return {
    name: routeName("http", hostname),
    protocol: "http",
    hostname,
    prefix: routing?.prefix ?? `/run/http${gatewayPrefix(deployment)}`,
    rewrite: gatewayPrefix(deployment),
    headers: {},
    target: { component: endpoint.name, port: endpoint.ports.http },
    role: { kind: "own" },
    traffic: planTraffic(routing, "http"),
  };
}

/** `http`; with a host name, also that: with a hash, since `a-b.example` and `a.b.example` are alike as labels. */
function routeName(protocol: RoutePlan["protocol"], hostname: string | undefined): string {
  if (hostname === undefined) return protocol;
  return `${protocol}-${kubernetesName(hostname, 30)}-${shortHash(hostname)}`;
}
