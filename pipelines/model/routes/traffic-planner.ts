import type { HashSourcePlan, LoadBalancingPlan, RoutePlan, TrafficPlan } from "../plan/plan";
import type { RoutingSpec } from "../schema/routes-schema";
import { distinct } from "../values/text";

/** Emissary gives up after 3 seconds if it isn't told otherwise, and uploads take longer: five minutes. */
const requestTimeoutMs = 300_000;
/** Envoy's own bound on silence, which is never lower here. */
const defaultIdleMs = 300_000;

/** How requests of one protocol are treated. */
export function planTraffic(routing: RoutingSpec | undefined, protocol: RoutePlan["protocol"]): TrafficPlan {
  const isHttp = protocol === "http";
  // A stream may take as long as it likes, unless nothing is said for five minutes.
  const timeoutMs = milliseconds(routing?.timeoutSeconds) ?? (isHttp ? requestTimeoutMs : 0);
  const { circuitBreakers, cors, loadBalancing, retries } = routing ?? {};
  return {
    timeoutMs,
    idleTimeoutMs: milliseconds(routing?.idleTimeoutSeconds) ?? idleByDefault(timeoutMs, isHttp),
    connectTimeoutMs: milliseconds(routing?.connectTimeoutSeconds),
    retries: retries && {
      retryOn: retries.retryOn,
      attempts: retries.attempts,
      perTryTimeoutMs: milliseconds(retries.perTryTimeoutSeconds),
    },
    circuitBreakers,
    cors:
      isHttp && cors !== undefined
        ? {
            origins: distinct(cors.origins),
            methods: distinct(cors.methods),
            headers: distinct(cors.headers),
            exposedHeaders: distinct(cors.exposedHeaders),
            credentials: cors.credentials,
            maxAgeSeconds: cors.maxAgeSeconds,
          }
        : undefined,
    loadBalancing: loadBalancing && planLoadBalancing(loadBalancing),
  };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

function idleByDefault(timeoutMs: number, isHttp: boolean): number | undefined {
  // Otherwise the time that the document grants could never be used.
  if (timeoutMs > defaultIdleMs) return timeoutMs;
  return isHttp ? undefined : defaultIdleMs;
}

function planLoadBalancing(stated: NonNullable<RoutingSpec["loadBalancing"]>): LoadBalancingPlan | undefined {
  const { policy } = stated;
  if (policy === "round_robin" || policy === "least_request") return { policy };
  const [hashOf] = hashSources(stated);
  return hashOf && { policy, hashOf };
}

/** What a load balancing policy is told to choose the pod by. */
export function hashSources({
  header,
  cookie,
  sourceAddress,
}: NonNullable<RoutingSpec["loadBalancing"]>): readonly HashSourcePlan[] {
  const sources: readonly (HashSourcePlan | false)[] = [
    header !== undefined && { kind: "header", name: header },
    cookie !== undefined && { kind: "cookie", ...cookie },
    sourceAddress && { kind: "sourceAddress" },
  ];
  return sources.filter((source) => source !== false);
}
