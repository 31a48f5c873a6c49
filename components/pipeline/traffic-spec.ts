import type {
  CircuitBreakersPlan,
  CorsPlan,
  LoadBalancingPlan,
  RetriesPlan,
  TrafficPlan,
} from "../../pipelines/model/plan/plan";
import type {
  CircuitBreaker,
  Cors,
  LoadBalancer,
  MappingSpec,
  RetryPolicy,
} from "../ingress/ambassador-kinds";

/** Fields of a Mapping that say how its requests are treated; what is undefined is left out. */
export function trafficSpec(traffic: TrafficPlan): Partial<MappingSpec> {
  const { circuitBreakers, cors, loadBalancing, retries } = traffic;
  return {
    timeout_ms: traffic.timeoutMs,
    idle_timeout_ms: traffic.idleTimeoutMs,
    connect_timeout_ms: traffic.connectTimeoutMs,
    retry_policy: retries && retryPolicy(retries),
    circuit_breakers: circuitBreakers && [circuitBreaker(circuitBreakers)],
    cors: cors && corsSpec(cors),
    // Emissary takes a policy only with a resolver that knows the pods one by one.
    resolver: loadBalancing && "endpoint",
    load_balancer: loadBalancing && loadBalancer(loadBalancing),
  };
}

function retryPolicy({ retryOn, attempts, perTryTimeoutMs }: RetriesPlan): RetryPolicy {
  return { retry_on: retryOn, num_retries: attempts, per_try_timeout: inSeconds(perTryTimeoutMs, 1000) };
}

function circuitBreaker(plan: CircuitBreakersPlan): CircuitBreaker {
  return {
    priority: "default",
    max_connections: plan.maxConnections,
    max_pending_requests: plan.maxPendingRequests,
    max_requests: plan.maxRequests,
    max_retries: plan.maxRetries,
  };
}

function corsSpec(plan: CorsPlan): Cors {
  return {
    origins: plan.origins,
    methods: unlessEmpty(plan.methods),
    headers: unlessEmpty(plan.headers),
    exposed_headers: unlessEmpty(plan.exposedHeaders),
    credentials: plan.credentials,
    max_age: plan.maxAgeSeconds?.toString(),
  };
}

function loadBalancer(plan: LoadBalancingPlan): LoadBalancer {
  if (!("hashOf" in plan)) return plan;
  const { policy, hashOf } = plan;
  switch (hashOf.kind) {
    case "header":
      return { policy, header: hashOf.name };
    case "sourceAddress":
      return { policy, source_ip: true };
    case "cookie":
      return {
        policy,
        cookie: { name: hashOf.name, path: hashOf.path, ttl: inSeconds(hashOf.maxAgeSeconds, 1) },
      };
  }
}

/** A duration with its unit. */
function inSeconds(duration: number | undefined, unitsPerSecond: number): string | undefined {
  return duration === undefined ? undefined : `${duration / unitsPerSecond}s`;
}

function unlessEmpty(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}
