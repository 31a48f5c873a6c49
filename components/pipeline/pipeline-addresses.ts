import * as pulumi from "@pulumi/pulumi";
import type { EndpointPathPlan, PipelinePlan } from "../../pipelines/model/plan";
import type { PlatformServices } from "../platform-services";
import type { GrpcAddress, PipelineAddresses } from "./pipeline-args";

type Paths = readonly EndpointPathPlan[];

/** Where a pipeline takes messages in, path by path. */
export function pipelineAddresses(
  plan: PipelinePlan,
  { gateway, mediaStreams }: Pick<PlatformServices, "gateway" | "mediaStreams">,
): PipelineAddresses {
  const paths = plan.components.flatMap((component) =>
    component.kind === "endpoint" ? component.paths : [],
  );
  const prefix = plan.routes.find(({ protocol }) => protocol === "http")?.prefix ?? "/";
  return {
    http: byName(paths, "http", ({ name }) => pulumi.interpolate`${gateway.httpAddress}${prefix}${name}`),
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

function grpcAddress(
  { routes }: PipelinePlan,
  paths: Paths,
  gateway: PlatformServices["gateway"],
): GrpcAddress | undefined {
  const route = routes.find(({ protocol }) => protocol === "grpc");
  if (route === undefined) return undefined;
  const names = paths.filter(({ protocol }) => protocol === "grpc").map(({ name }) => name);
  return { address: gateway.grpcAddress, headers: route.headers, paths: names };
}
