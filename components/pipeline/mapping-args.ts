import * as pulumi from "@pulumi/pulumi";
import type { RoutePlan } from "../../pipelines/model/plan";
import type { MappingArgs } from "../ingress/mapping";
import { rateLimitLabels } from "../ingress/rate-limit-config";

/** What a Mapping is made from, beside its plan. */
export interface RouteContext {
  /** `owner.name` of the deployment: its requests are counted apart from those of others. */
  readonly deployment: string;
  readonly namespace: pulumi.Output<string>;
  readonly labels: Readonly<Record<string, string>>;
  /** `hostname` that the edge's Host answers for. */
  readonly hostname: string;
}

/** Ambassador gives up after 3 seconds if it isn't told otherwise, and uploads take longer: five minutes. */
const requestTimeoutMs = 300_000;
/** A stream may take as long as it likes, unless nothing is said for five minutes. */
const streamTimeouts = { timeout_ms: 0, idle_timeout_ms: 300_000 };

/** The Mapping of a route: all fields by which Ambassador groups Mappings come from the plan, and the host from the edge. */
export function mappingArgs(route: RoutePlan, context: RouteContext): MappingArgs {
  const { protocol, prefix, rewrite, headers, target } = route;
  const isStream = protocol === "grpc";
  return {
    metadata: {
      name: `${target.component}-${protocol}`,
      namespace: context.namespace,
      labels: { ...context.labels, "app.kubernetes.io/component": "mapping" },
    },
    spec: {
      hostname: context.hostname,
      prefix,
      rewrite,
      service: pulumi.interpolate`${target.component}.${context.namespace}:${target.port}`,
      ...(Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }),
      labels: rateLimitLabels(context.deployment),
      ...(isStream ? { grpc: true, ...streamTimeouts } : { timeout_ms: requestTimeoutMs }),
    },
  };
}
