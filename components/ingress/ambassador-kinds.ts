import type * as pulumi from "@pulumi/pulumi";

/** API group of Ambassador's resources. */
export const ambassadorGroup = "getambassador.io";
/** The one version that Emissary 4 serves without a conversion webhook. */
export const ambassadorVersion = "v3alpha1";

/** Labels of a request, by rate-limit domain: each group becomes one descriptor. */
export type MappingLabels = Readonly<
  Record<string, readonly Readonly<Record<string, readonly RequestLabel[]>>[]>
>;

/** One entry of a descriptor. */
export type RequestLabel =
  | { readonly generic_key: { readonly value: string; readonly key?: string } }
  | { readonly remote_address: { readonly key: string } }
  | {
      readonly request_headers: {
        readonly key: string;
        readonly header_name: string;
        readonly omit_if_not_present?: boolean;
      };
    };

/** How often and when a failed request is sent again. */
export interface RetryPolicy {
  readonly retry_on:
    | "5xx"
    | "gateway-error"
    | "connect-failure"
    | "retriable-4xx"
    | "refused-stream"
    | "retriable-status-codes";
  readonly num_retries?: number;
  /** With a unit, such as `10s`. */
  readonly per_try_timeout?: string;
}

/** Bounds on what may be under way to a service. */
export interface CircuitBreaker {
  readonly priority?: "default" | "high";
  readonly max_connections?: number;
  readonly max_pending_requests?: number;
  readonly max_requests?: number;
  readonly max_retries?: number;
}

/** Which pod gets a request; only with a resolver that knows pods. */
export type LoadBalancer =
  | { readonly policy: "round_robin" | "least_request" }
  | ({ readonly policy: "ring_hash" | "maglev" } & (
      | { readonly header: string }
      | {
          readonly cookie: {
            readonly name: string;
            readonly path?: string;
            /** With a unit, such as `60s`. */
            readonly ttl?: string;
          };
        }
      | { readonly source_ip: true }
    ));

/** What browsers of other origins may do. */
export interface Cors {
  readonly origins: readonly string[];
  readonly methods?: readonly string[];
  readonly headers?: readonly string[];
  readonly exposed_headers?: readonly string[];
  readonly credentials?: boolean;
  /** Seconds, as a text. */
  readonly max_age?: string;
}

/** A route: which requests go to which service. */
export interface MappingSpec {
  /** Requests' host; without it a Host that selects no Mappings ignores this one. */
  readonly hostname: string;
  readonly prefix: string;
  /** What the prefix becomes; the empty text leaves the path alone. Ambassador's own default is `/`. */
  readonly rewrite?: string;
  /** `name.namespace:port`. */
  readonly service: pulumi.Input<string>;
  /** Headers that must match exactly. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly query_parameters?: Readonly<Record<string, string>>;
  readonly grpc?: boolean;
  /** Milliseconds for the whole request; 0: none. Ambassador's own default is 3000. */
  readonly timeout_ms?: number;
  /** Milliseconds without any data. */
  readonly idle_timeout_ms?: number;
  readonly connect_timeout_ms?: number;
  readonly precedence?: number;
  /** Percent of the requests of Mappings with the same prefix, method and headers. */
  readonly weight?: number;
  /** Whether the service gets a copy of requests, and its answers go nowhere. */
  readonly shadow?: boolean;
  readonly retry_policy?: RetryPolicy;
  readonly circuit_breakers?: readonly CircuitBreaker[];
  /** Who finds the service's pods; `endpoint` is Emissary's own that knows them one by one. @default kubernetes-service */
  readonly resolver?: "endpoint";
  readonly load_balancer?: LoadBalancer;
  readonly cors?: Cors;
  readonly labels?: MappingLabels;
  readonly allow_upgrade?: readonly string[];
  /** Name of the route in metrics. */
  readonly stats_name?: string;
}

/** A name that requests come to, and its certificate. */
export interface HostSpec {
  readonly hostname: string;
  /** Secret of type `kubernetes.io/tls` in the same namespace. */
  readonly tlsSecret?: { readonly name: pulumi.Input<string> };
  /** `none`: no certificate is ordered. */
  readonly acmeProvider: { readonly authority: "none" };
  readonly requestPolicy: { readonly insecure: { readonly action: "Redirect" | "Reject" | "Route" } };
}

/** A port that Envoy listens on. */
export interface ListenerSpec {
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** `XFP` trusts `X-Forwarded-Proto` to say whether a request was secure. */
  readonly securityModel: "XFP" | "SECURE" | "INSECURE";
  readonly hostBinding: { readonly namespace: { readonly from: "ALL" | "SELF" } };
}

/** Settings of the whole of Ambassador. */
export interface ModuleSpec {
  readonly config: {
    readonly diagnostics?: { readonly enabled: boolean };
    readonly envoy_log_type?: "json" | "text";
  };
}

/** Who decides on rate limits; at most one in an installation. */
export interface RateLimitServiceSpec {
  /** `name.namespace:port`. */
  readonly service: pulumi.Input<string>;
  readonly domain: string;
  /** Must be written: Ambassador's own default is one that it refuses. */
  readonly protocol_version: "v3";
  /** Milliseconds to wait for a decision. */
  readonly timeout_ms: number;
  /** Whether requests are refused when no decision is to be had. */
  readonly failure_mode_deny: boolean;
}

/** What each kind that we write is specified by. */
export interface AmbassadorSpecs {
  readonly Host: HostSpec;
  readonly Listener: ListenerSpec;
  readonly Mapping: MappingSpec;
  readonly Module: ModuleSpec;
  readonly RateLimitService: RateLimitServiceSpec;
}
