import type { EndpointPlan, OwnedName, RoutePlan } from "./plan";

/** gRPC service of AlgoRun's gateway; it has no package, so that every deployment's calls look alike. */
const grpcService = "PipelineEndpoint";
/** Request header by which gRPC callers say which deployment they mean. */
const deploymentHeader = "x-algorun-deployment";

/** The routes that lead to an endpoint: one for each protocol of its paths; media streams have none. */
export function planRoutes(
  { owner, name }: OwnedName,
  endpoint: EndpointPlan | undefined,
): readonly RoutePlan[] {
  if (endpoint === undefined) return [];
  const protocols = new Set(endpoint.paths.map(({ protocol }) => protocol));
  const grpc: RoutePlan = {
    protocol: "grpc",
    prefix: `/${grpcService}/`,
    rewrite: "",
    headers: { [deploymentHeader]: `${owner}.${name}` },
    target: { component: endpoint.name, port: endpoint.ports.grpc },
  };
  const http: RoutePlan = {
    protocol: "http",
    prefix: `/run/http/${owner}/${name}/`,
    rewrite: `/${owner}/${name}/`,
    headers: {},
    target: { component: endpoint.name, port: endpoint.ports.http },
  };
  return [grpc, http].filter(({ protocol }) => protocols.has(protocol));
}
