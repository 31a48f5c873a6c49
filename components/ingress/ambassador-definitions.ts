import type * as k8s from "@pulumi/kubernetes";
import { ambassadorGroup, ambassadorVersion, type AmbassadorSpecs } from "./ambassador-kinds";
import { anything, choice, flag, milliseconds, open, text, type Schema } from "./definition-schema";
import { mappingSchema } from "./mapping-definition";
import { ownershipLabels } from "../workload/labels";

/**
 * What the API server checks of the kinds that we write: a mistake is refused where it is made, instead of being
 * reported in Ambassador's log. Of kinds other than Mapping, fields that we don't write stay open, for those who write
 * their own.
 */
const checkedSpecs: Readonly<Record<keyof AmbassadorSpecs, Schema>> = {
  Host: open(
    {
      hostname: text,
      tlsSecret: open({ name: text }),
      acmeProvider: open({ authority: text }),
      requestPolicy: open({ insecure: open({ action: choice("Redirect", "Reject", "Route") }) }),
    },
    ["hostname"],
  ),
  Listener: open(
    {
      port: { type: "integer", minimum: 1, maximum: 65_535 },
      protocol: choice("HTTP", "HTTPS", "HTTPPROXY", "HTTPSPROXY", "TCP", "TLS", "UDP"),
      securityModel: choice("XFP", "SECURE", "INSECURE"),
      hostBinding: open({ namespace: open({ from: choice("ALL", "SELF", "SELECTOR") }) }),
    },
    ["port", "securityModel", "hostBinding"],
  ),
  Mapping: mappingSchema,
  Module: open({ config: open() }),
  RateLimitService: open(
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
    definition(kind, plural, checked[kind] ?? open()),
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
      labels: { ...ownershipLabels },
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
