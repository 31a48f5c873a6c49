import {
  choice,
  closed,
  count,
  flag,
  integer,
  listOf,
  mapOf,
  milliseconds,
  open,
  text,
  type Schema,
} from "./definition-schema";

/** Matches and changes of the request. */
const request: Readonly<Record<string, Schema>> = {
  ambassador_id: listOf(text),
  hostname: text,
  host: text,
  host_regex: flag,
  prefix: text,
  prefix_exact: flag,
  prefix_regex: flag,
  case_sensitive: flag,
  method: text,
  method_regex: flag,
  headers: mapOf(text),
  regex_headers: mapOf(text),
  query_parameters: mapOf(text),
  regex_query_parameters: mapOf(text),
  precedence: integer,
  rewrite: text,
  regex_rewrite: closed({ pattern: text, substitution: text }),
  host_rewrite: text,
  auto_host_rewrite: flag,
  host_redirect: flag,
  path_redirect: text,
  prefix_redirect: text,
  regex_redirect: closed({ pattern: text, substitution: text }),
  redirect_response_code: { type: "integer", enum: [301, 302, 303, 307, 308] },
  add_request_headers: mapOf(closed({ append: flag, value: text })),
  remove_request_headers: listOf(text),
  allow_upgrade: listOf(text),
  use_websocket: flag,
};

/** What the service is, and how Envoy talks to it. */
const service: Readonly<Record<string, Schema>> = {
  service: text,
  resolver: text,
  grpc: flag,
  tls: text,
  dns_type: text,
  respect_dns_ttl: flag,
  enable_ipv4: flag,
  enable_ipv6: flag,
  cluster_tag: text,
  cluster_idle_timeout_ms: milliseconds,
  cluster_max_connection_lifetime_ms: milliseconds,
  connect_timeout_ms: milliseconds,
  timeout_ms: milliseconds,
  idle_timeout_ms: milliseconds,
  keepalive: closed({ idle_time: integer, interval: integer, probes: integer }),
  priority: text,
  outlier_detection: text,
  add_linkerd_headers: flag,
  weight: { type: "integer", minimum: 0, maximum: 100 },
  shadow: flag,
};

const statusRange = closed({ min: integer, max: integer }, ["min", "max"]);

const healthCheck = closed(
  {
    interval: text,
    timeout: text,
    healthy_threshold: integer,
    unhealthy_threshold: integer,
    health_check: closed({
      grpc: closed({ authority: text, upstream_name: text }, ["upstream_name"]),
      http: closed(
        {
          path: text,
          hostname: text,
          add_request_headers: mapOf(closed({ append: flag, value: text })),
          remove_request_headers: listOf(text),
          expected_statuses: listOf(statusRange),
        },
        ["path"],
      ),
    }),
  },
  ["health_check"],
);

const circuitBreaker = closed({
  priority: choice("default", "high"),
  max_connections: count,
  max_pending_requests: count,
  max_requests: count,
  max_retries: count,
});

const retryOn = choice(
  "5xx",
  "gateway-error",
  "connect-failure",
  "retriable-4xx",
  "refused-stream",
  "retriable-status-codes",
);

/** What happens when much is under way, or something fails. */
const resilience: Readonly<Record<string, Schema>> = {
  circuit_breakers: listOf(circuitBreaker),
  retry_policy: closed({ retry_on: retryOn, num_retries: integer, per_try_timeout: text }),
  load_balancer: closed(
    {
      policy: choice("round_robin", "ring_hash", "maglev", "least_request"),
      header: text,
      cookie: closed({ name: text, path: text, ttl: text }, ["name"]),
      source_ip: flag,
    },
    ["policy"],
  ),
  health_checks: listOf(healthCheck, 1),
};

/** One label of a request: exactly one of the kinds. */
const requestLabel: Schema = {
  ...closed({
    source_cluster: closed({ key: choice("source_cluster") }, ["key"]),
    destination_cluster: closed({ key: choice("destination_cluster") }, ["key"]),
    remote_address: closed({ key: choice("remote_address") }, ["key"]),
    generic_key: closed({ key: text, value: text }, ["value"]),
    request_headers: closed({ key: text, header_name: text, omit_if_not_present: flag }, [
      "key",
      "header_name",
    ]),
  }),
  minProperties: 1,
  maxProperties: 1,
};

const labelGroup: Schema = { ...mapOf(listOf(requestLabel)), minProperties: 1, maxProperties: 1 };

const errorResponse = closed(
  {
    on_status_code: { type: "integer", minimum: 400, maximum: 599 },
    body: closed({
      content_type: text,
      json_format: mapOf(text),
      text_format: text,
      text_format_source: closed({ filename: text }),
    }),
  },
  ["on_status_code", "body"],
);

/** What callers are told, and what is asked about them. */
const policy: Readonly<Record<string, Schema>> = {
  cors: closed({
    origins: listOf(text),
    methods: listOf(text),
    headers: listOf(text),
    exposed_headers: listOf(text),
    credentials: flag,
    max_age: text,
  }),
  labels: mapOf(listOf(labelGroup)),
  bypass_auth: flag,
  auth_context_extensions: mapOf(text),
  bypass_error_response_overrides: flag,
  error_response_overrides: listOf(errorResponse, 1),
  add_response_headers: mapOf(closed({ append: flag, value: text })),
  remove_response_headers: listOf(text),
  stats_name: text,
  docs: closed({ display_name: text, ignored: flag, path: text, timeout_ms: milliseconds, url: text }),
  modules: listOf(open()),
  envoy_override: open(),
};

/**
 * All fields of a Mapping as Emissary's own definition of `getambassador.io/v3alpha1` has them, but for those that only
 * carry the older version's spelling (`v2…`). A field that is none of them is refused by a strict API server, where
 * Emissary would ignore it in silence.
 */
export const mappingSchema = closed({ ...request, ...service, ...resilience, ...policy }, [
  "prefix",
  "service",
]);
