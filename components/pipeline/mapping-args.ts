import * as pulumi from "@pulumi/pulumi";
import type { RateLimitPlan, RoutePlan, RouteRolePlan } from "../../pipelines/model/plan/plan";
import type { MappingSpec } from "../ingress/ambassador-kinds";
import type { MappingArgs } from "../ingress/mapping";
import { rateLimitLabels } from "../ingress/rate-limit-config";
import { trafficSpec } from "./traffic-spec";

/** What a Mapping is made from, beside its plan. */
export interface RouteContext {
  /** `owner.name` of the deployment: its requests are counted apart from those of others. */
  readonly deployment: string;
  readonly rateLimits: readonly RateLimitPlan[];
  readonly namespace: pulumi.Output<string>;
  readonly labels: Readonly<Record<string, string>>;
  /** `hostname` that the edge's Host answers for. */
  readonly hostname: string;
}

/** The Mapping of a route: all fields by which Ambassador groups Mappings come from the plan, and the host from the edge. */
export function mappingArgs(route: RoutePlan, context: RouteContext): MappingArgs {
  const { protocol, prefix, rewrite, headers, target } = route;
  return {
    metadata: {
      name: `${target.component}-${route.name}`,
      namespace: context.namespace,
      labels: { ...context.labels, "app.kubernetes.io/component": "mapping" },
    },
    spec: {
      hostname: route.hostname ?? context.hostname,
      prefix,
      rewrite,
      service: pulumi.interpolate`${target.component}.${target.namespace ?? context.namespace}:${target.port}`,
      ...(Object.keys(headers).length > 0 && { headers: { ...headers } }),
      labels: rateLimitLabels(context.deployment, context.rateLimits),
      ...(protocol === "grpc" && { grpc: true }),
      ...roleSpec(route.role),
      ...trafficSpec(route.traffic),
    },
  };
}

function roleSpec(role: RouteRolePlan): Pick<MappingSpec, "shadow" | "weight"> {
  switch (role.kind) {
    case "own":
    case "header":
      return {};
    case "canary":
      return { weight: role.weight };
    case "shadow":
      return { weight: role.weight, shadow: true };
  }
}
