import * as pulumi from "@pulumi/pulumi";
import type { EndpointPathPlan, PipelinePlan, RoutePlan } from "../../pipelines/model/plan/plan";
import type { PlatformServices } from "../platform-services";
import type { GrpcAddress, PipelineAddresses } from "./pipeline-args";

type Paths = readonly EndpointPathPlan[];
type Gateway = PlatformServices["gateway"];

/** Where a pipeline takes messages in, path by path: at the platform's host, or at the first of its own by name. */
export function pipelineAddresses(
  plan: PipelinePlan,
  { gateway, mediaStreams }: Pick<PlatformServices, "gateway" | "mediaStreams">,
): PipelineAddresses {
  const paths = plan.components.flatMap((component) =>
    component.kind === "endpoint" ? component.paths : [],
  );
  const http = ownRoute(plan, "http");
  return {
    http: byName(paths, "http", ({ name }) => pulumi.concat(httpAddress(http, gateway), name)),
    grpc: grpcAddress(plan, paths, gateway),
    rtmp: byName(
      paths,
      "rtmp",
      ({ name, stream }) => pulumi.interpolate`${mediaStreams?.publishAddress}/${stream ?? name}`,
    ),
  };
}

function byName(
  paths: Paths,
  protocol: EndpointPathPlan["protocol"],
  addressOf: (path: EndpointPathPlan) => pulumi.Output<string>,
): Readonly<Record<string, pulumi.Output<string>>> {
  const spoken = paths.filter((path) => path.protocol === protocol);
  return Object.fromEntries(spoken.map((path) => [path.name, addressOf(path)]));
}

function httpAddress(route: RoutePlan | undefined, gateway: Gateway): pulumi.Output<string> {
  const { hostname, prefix = "/" } = route ?? {};
  if (hostname === undefined) return pulumi.concat(gateway.httpAddress, prefix);
  return pulumi.output(`${gateway.tls ? "https" : "http"}://${hostname}${prefix}`);
}

/** The route to the pipeline's own endpoint. */
function ownRoute({ routes }: PipelinePlan, spoken: RoutePlan["protocol"]): RoutePlan | undefined {
  return routes.find(({ protocol, role }) => protocol === spoken && role.kind === "own");
}

function grpcAddress(plan: PipelinePlan, paths: Paths, gateway: Gateway): GrpcAddress | undefined {
  const route = ownRoute(plan, "grpc");
  if (route === undefined) return undefined;
  const names = paths.filter(({ protocol }) => protocol === "grpc").map(({ name }) => name);
  const address =
    route.hostname === undefined
      ? gateway.grpcAddress
      : pulumi.output(`${route.hostname}:${gateway.tls ? 443 : 80}`);
  return { address, headers: route.headers, paths: names };
}
