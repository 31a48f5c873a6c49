import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { defineRule, noSettings, type Finding } from "./rule/rule";
import { isMapping } from "./rule/routes";

const host = /^kubernetes:getambassador\.io\/[^:]+:Host$/;
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";

/** No request waits for ever, and none is taken by accident. */
export const boundedRoutes = defineRule({
  name: "bounded-routes",
  severity: "medium",
  description:
    "Every Mapping names its host, bounds its times, and takes between 0 and 100 percent of the requests.",
  rationale:
    "Emissary ignores a Mapping without hostname wherever a Host exists, and the route is silently missing. A request that may take for ever holds a connection at the edge for ever, and enough of them hold all.",
  remedy:
    "Set routing in the endpoint of the PipelineDeployment document; a route of streams (gRPC, WebSocket) may do without timeout_ms when idle_timeout_ms ends it.",
  levels: advisoryInDev,
  settings: z.strictObject({
    maximumTimeoutSeconds: z.int().min(1).default(900).meta({
      description: "The longest that a route may let a request take, or be idle",
    }),
  }),
  *judge(resource, { settings }) {
    if (!isMapping(resource)) return;
    const spec = resource.fields.at("spec");
    const hostname = spec.at("hostname");
    if ((hostname.isAbsent || hostname.text === "") && spec.at("host").isAbsent)
      yield {
        field: hostname,
        found: "the route names no host",
        fix: 'set hostname to a name, or to "*" for every host',
      };
    yield* judgeTimes(spec, settings.maximumTimeoutSeconds * 1000);
    const weight = spec.at("weight");
    if (weight.number === undefined || (weight.number >= 0 && weight.number <= 100)) return;
    yield {
      field: weight,
      found: `the route takes ${weight.number} percent of the requests`,
      fix: "set it from 0 to 100",
    };
  },
});

/** Other people's pages don't speak with our users' cookies. */
export const narrowCors = defineRule({
  name: "narrow-cors",
  severity: "high",
  description: "No route lets pages of every origin send requests with the credentials of their visitors.",
  rationale:
    "With every origin and credentials, any page that a user visits can call the pipeline as that user, and read the answer.",
  remedy: "List the origins in cors of the endpoint's routing, or leave credentials out.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    if (!isMapping(resource)) return;
    const cors = resource.fields.at("spec", "cors");
    const origins = cors.at("origins");
    const texts = [...origins.texts, ...(origins.text?.split(",").map((part) => part.trim()) ?? [])];
    if (!cors.at("credentials").isTrue) return;
    const open = texts.filter((origin) => /^(?:\*|https?:\/\/\*|null)$/.test(origin));
    if (open.length === 0) return;
    const found = `pages of every origin (${open.join(", ")}) may send requests with credentials`;
    yield { field: origins, found, fix: "list the origins, such as https://shop.example.com" };
  },
});

/** What clients send is encrypted up to the edge. */
export const encryptedEdge = defineRule({
  name: "encrypted-edge",
  severity: "high",
  description: "Every host is served by TLS, and plain HTTP is redirected or refused.",
  rationale:
    "API keys, tokens and the data itself pass through networks of others between the client and the load balancer. A redirect also serves clients with an old address.",
  remedy:
    "Set the config key certificates, and cert-manager makes one; or put it into a Secret of type kubernetes.io/tls in the platform's namespace, and name that in tlsSecretName of the config key ambassador.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge({ type, fields }) {
    if (host.test(type)) yield* judgeHost(fields.at("spec"));
    const tls = fields.at("spec", "tls");
    if (type === ingress && !tls.isUnknown && tls.items.length === 0)
      yield {
        field: tls,
        found: "the Ingress is served without TLS",
        fix: "name a Secret with a certificate in tls",
      };
  },
});

function* judgeTimes(spec: Field, milliseconds: number): Iterable<Finding> {
  const idle = spec.at("idle_timeout_ms");
  const endsIdle = idle.number !== undefined && idle.number > 0;
  for (const field of [spec.at("timeout_ms"), idle]) {
    const time = field.number;
    const isEndless = time === 0 && !(field !== idle && endsIdle);
    if (time === undefined || (time <= milliseconds && !isEndless)) continue;
    const found = `a request may take ${time === 0 ? "for ever" : `${time} ms`} (${field.path.replace("spec.", "")})`;
    yield { field, found, fix: `set it to ${milliseconds} or less` };
  }
}

function* judgeHost(spec: Field): Iterable<Finding> {
  const secret = spec.at("tlsSecret", "name");
  const authority = spec.at("acmeProvider", "authority");
  const isServed =
    !secret.isAbsent || !spec.at("tlsContext").isAbsent || (!authority.isAbsent && authority.text !== "none");
  if (!isServed) {
    const fix = "set tlsSecretName in the config key ambassador";
    yield {
      field: spec.at("tlsSecret"),
      found: "the host is served without TLS",
      fix,
      configKey: "ambassador",
    };
    return;
  }
  const action = spec.at("requestPolicy", "insecure", "action");
  if (action.isUnknown || action.isAbsent || ["Redirect", "Reject"].includes(action.text ?? "")) return;
  const found = `requests without TLS are served all the same (the action is ${action.shown})`;
  yield { field: action, found, fix: "set it to Redirect", configKey: "ambassador" };
}
