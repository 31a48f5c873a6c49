import type { EndpointPlan } from "../plan/plan";
import type { EndpointSpec } from "../schema/endpoint-schema";

/** Ports of AlgoRun's gateway. */
const defaultPorts: EndpointPlan["ports"] = { http: 18080, grpc: 18282, metrics: 28080 };

/** Ports of an endpoint, as stated or by default. */
export function endpointPorts({ server }: EndpointSpec): EndpointPlan["ports"] {
  const portOf = (listen: string | undefined, byDefault: number): number =>
    listen === undefined ? byDefault : Number(listen.slice(listen.lastIndexOf(":") + 1));
  return {
    http: portOf(server?.http?.listen, defaultPorts.http),
    grpc: portOf(server?.grpc?.listen, defaultPorts.grpc),
    metrics: portOf(server?.monitoring?.listen, defaultPorts.metrics),
  };
}
