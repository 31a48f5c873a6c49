import type * as k8s from "@pulumi/kubernetes";
import { ambassadorGroup, ambassadorVersion, type AmbassadorSpecs } from "./ambassador-kinds";

type Schema = k8s.types.input.apiextensions.v1.JSONSchemaProps;

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const milliseconds: Schema = { type: "integer", minimum: 0 };
const texts: Schema = { type: "array", items: text };
const anything: Schema = { x_kubernetes_preserve_unknown_fields: true };

/**
 * An object whose named fields are checked; what else it has is kept as it is. The API server drops what is empty, so
 * that it must not be written: every preview would show it as a change.
 */
function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return {
    type: "object",
    ...(Object.keys(properties).length > 0 && { properties: { ...properties } }),
    ...(required.length > 0 && { required: [...required] }),
    x_kubernetes_preserve_unknown_fields: true,
  };
}

const choice = (...values: readonly string[]): Schema => ({ type: "string", enum: [...values] });
const textMap: Schema = { type: "object", additionalProperties: text };
const open: Schema = object({});

/**
 * What the API server checks of the kinds that we write: a mistake is refused where it is made, instead of being
 * reported in Ambassador's log. Fields that we don't write stay open, for those who write their own.
 */
const checkedSpecs: Readonly<Record<keyof AmbassadorSpecs, Schema>> = {
  Host: object(
    {
      hostname: text,
      tlsSecret: object({ name: text }),
      acmeProvider: object({ authority: text }),
      requestPolicy: object({ insecure: object({ action: choice("Redirect", "Reject", "Route") }) }),
    },
    ["hostname"],
  ),
  Listener: object(
    {
      port: { type: "integer", minimum: 1, maximum: 65_535 },
      protocol: choice("HTTP", "HTTPS", "HTTPPROXY", "HTTPSPROXY", "TCP", "TLS", "UDP"),
      securityModel: choice("XFP", "SECURE", "INSECURE"),
      hostBinding: object({ namespace: object({ from: choice("ALL", "SELF", "SELECTOR") }) }),
    },
    ["port", "securityModel", "hostBinding"],
  ),
  Mapping: object(
    {
      hostname: text,
      prefix: text,
      rewrite: text,
      service: text,
      headers: textMap,
      method: text,
      query_parameters: textMap,
      grpc: flag,
      timeout_ms: milliseconds,
      idle_timeout_ms: milliseconds,
      connect_timeout_ms: milliseconds,
      precedence: { type: "integer" },
      weight: { type: "integer", minimum: 0, maximum: 100 },
      shadow: flag,
      retry_policy: object({ retry_on: text, num_retries: { type: "integer" }, per_try_timeout: text }),
      circuit_breakers: { type: "array", items: object({ max_connections: { type: "integer" } }) },
      cors: object({ origins: texts, credentials: flag, max_age: text }),
      labels: { type: "object", additionalProperties: { type: "array", items: open } },
      allow_upgrade: texts,
      stats_name: text,
    },
    ["prefix", "service"],
  ),
  Module: object({ config: open }),
  RateLimitService: object(
    {
      service: text,
      domain: text,
      protocol_version: choice("v2", "v3"),
      timeout_ms: milliseconds,
      failure_mode_deny: flag,
    },
    ["service"],
  ),
};

/** Every kind that Ambassador watches, with its plural; it complains of each that is missing. */
const plurals: Readonly<Record<string, string>> = {
  AuthService: "authservices",
  ConsulResolver: "consulresolvers",
  DevPortal: "devportals",
  Host: "hosts",
  KubernetesEndpointResolver: "kubernetesendpointresolvers",
  KubernetesServiceResolver: "kubernetesserviceresolvers",
  Listener: "listeners",
  LogService: "logservices",
  Mapping: "mappings",
  Module: "modules",
  RateLimitService: "ratelimitservices",
  TCPMapping: "tcpmappings",
  TLSContext: "tlscontexts",
  TracingService: "tracingservices",
};

/** Definitions of the kinds that Ambassador watches, by kind and sorted by it. */
export function ambassadorDefinitions(): [
  kind: string,
  definition: k8s.apiextensions.v1.CustomResourceDefinitionArgs,
][] {
  const checked: Readonly<Record<string, Schema>> = checkedSpecs;
  return Object.entries(plurals).map(([kind, plural]) => [
    kind,
    definition(kind, plural, checked[kind] ?? open),
  ]);
}

function definition(
  kind: string,
  plural: string,
  spec: Schema,
): k8s.apiextensions.v1.CustomResourceDefinitionArgs {
  return {
    metadata: {
      name: `${plural}.${ambassadorGroup}`,
      labels: { "app.kubernetes.io/part-of": "algo.run", "app.kubernetes.io/managed-by": "pulumi" },
    },
    spec: {
      group: ambassadorGroup,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), categories: ["ambassador-crds"] },
      versions: [
        {
          name: ambassadorVersion,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec, status: anything } } },
          subresources: { status: {} },
        },
      ],
    },
  };
}
