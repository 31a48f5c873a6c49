/** One Ambassador Mapping. */
export interface RoutePlan {
  /** Unique in the plan, a DNS label of at most 50 characters: `http`, `grpc`, and for a host name or a rollout more. */
  readonly name: string;
  readonly protocol: "http" | "grpc";
  /** Host that requests must name; undefined means the platform's. */
  readonly hostname?: string;
  /** `/run/http/{owner}/{name}/`, or `/PipelineEndpoint/` for gRPC, whose service has no package. */
  readonly prefix: string;
  /** What the prefix is replaced by. The empty string means: leave the path alone. */
  readonly rewrite: string;
  /** Request headers that must match exactly, e.g. `x-algorun-deployment: owner.name` for gRPC. */
  readonly headers: Readonly<Record<string, string>>;
  readonly target: RouteTargetPlan;
  readonly role: RouteRolePlan;
  readonly traffic: TrafficPlan;
}

/**
 * What a route is for. `own` leads to the deployment's endpoint; the others lead to another deployment's: `canary` takes
 * some percent of the requests, `shadow` gets copies of some percent, and `header` takes those with a header more.
 */
export type RouteRolePlan =
  { readonly kind: "own" | "header" } | { readonly kind: "canary" | "shadow"; readonly weight: number };

/** The Service that a route leads to. */
export interface RouteTargetPlan {
  /** Namespace of another deployment; undefined: the deployment's own. */
  readonly namespace?: string;
  /** `name` of the endpoint's ComponentPlan, which is the name of its Service. */
  readonly component: string;
  readonly port: number;
}

/** How requests of a route are treated; Emissary asks that all routes of a rollout agree on it. */
export interface TrafficPlan {
  /** Milliseconds that a request may take; 0: no bound. */
  readonly timeoutMs: number;
  /** Milliseconds that a request may be silent; 0: no bound; undefined: Envoy's default of five minutes. */
  readonly idleTimeoutMs?: number;
  /** Milliseconds that a connection may take; undefined: Emissary's default of three seconds. */
  readonly connectTimeoutMs?: number;
  readonly retries?: RetriesPlan;
  readonly circuitBreakers?: CircuitBreakersPlan;
  /** Never for gRPC. */
  readonly cors?: CorsPlan;
  /** Undefined: the Service chooses the pod, for each connection. */
  readonly loadBalancing?: LoadBalancingPlan;
}

/** When and how often a request is sent again. */
export interface RetriesPlan {
  readonly retryOn: "connect-failure" | "refused-stream" | "gateway-error" | "5xx" | "retriable-4xx";
  readonly attempts: number;
  /** Undefined: what is left of the request's time. */
  readonly perTryTimeoutMs?: number;
}

/** How much may be under way; undefined means Envoy's default. */
export interface CircuitBreakersPlan {
  readonly maxConnections?: number;
  readonly maxPendingRequests?: number;
  readonly maxRequests?: number;
  readonly maxRetries?: number;
}

/** What scripts of other origins may do. All lists are sorted. */
export interface CorsPlan {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** Which pod gets a request. */
export type LoadBalancingPlan =
  | { readonly policy: "round_robin" | "least_request" }
  | { readonly policy: "ring_hash" | "maglev"; readonly hashOf: HashSourcePlan };

/** What chooses the pod: requests that are alike in it go to the same one while the pods stay the same. */
export type HashSourcePlan =
  | { readonly kind: "header"; readonly name: string }
  | {
      readonly kind: "cookie";
      readonly name: string;
      readonly path?: string;
      readonly maxAgeSeconds?: number;
    }
  | { readonly kind: "sourceAddress" };

/** How many requests that are alike in something a deployment takes. */
export interface RateLimitPlan {
  readonly by: { readonly kind: "remoteAddress" } | { readonly kind: "header"; readonly name: string };
  readonly requests: number;
  readonly unit: "second" | "minute" | "hour" | "day";
}
