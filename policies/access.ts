import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { matchesAny } from "./rule/glob";
import { types } from "./rule/kubernetes-object";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings, type Finding } from "./rule/rule";

/** Verbs by which a right makes further rights. */
const escalatingVerbs = ["escalate", "bind", "impersonate"];
/** Sub-resources that reach into a pod, or hand out an identity. */
const escalatingResources = ["pods/exec", "pods/attach", "pods/ephemeralcontainers", "serviceaccounts/token"];
/** Groups that anybody is in. */
const everybody = ["system:anonymous", "system:authenticated", "system:unauthenticated"];
/** Roles of the cluster that may change nearly everything. */
const administrators = ["cluster-admin", "admin", "edit"];

/** A right says what it is for. */
export const narrowRoles = defineRule({
  name: "narrow-roles",
  severity: "critical",
  description:
    "No role allows every verb, every kind of the cluster's own, or rights that make further rights, and no binding is for everybody.",
  rationale:
    "A wildcard also covers what the cluster learns tomorrow. Whoever may bind roles, impersonate, or start a shell in a pod has the rights of all the others.",
  remedy:
    "Name the verbs and the resources. All kinds of a custom API group may be meant by *, since they belong to one program.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    for (const rule of roleRules(resource)) yield* judgeRule(rule);
    yield* judgeBinding(resource);
  },
});

/** Secrets are read by who needs them, one by one. */
export const guardedSecrets = defineRule({
  name: "guarded-secrets",
  severity: "high",
  description: "No role reads Secrets that it does not name, except those on the list.",
  rationale:
    "To list Secrets is to read them all: passwords of Kafka users, of databases, of webhooks. One such account is as good as every account.",
  remedy:
    "Name the Secrets in resourceNames and allow get only; or mount the Secret, which needs no right at all.",
  levels: advisoryInDev,
  settings: z.strictObject({
    readers: z.array(z.string()).default(["*-ambassador"]).meta({
      description:
        "Names of roles that may, * stands for any characters; Ambassador waits for the list of all Secrets before it routes",
    }),
  }),
  *judge(resource, { settings }) {
    if (matchesAny(settings.readers, resource.fields.at("metadata", "name").text ?? resource.name)) return;
    for (const rule of roleRules(resource)) {
      const isCore = rule.at("apiGroups").texts.some((group) => group === "" || group === "*");
      const resources = rule.at("resources");
      const isAboutSecrets = resources.texts.some((name) => name === "secrets" || name === "*");
      const reading = rule.at("verbs").texts.filter((verb) => ["get", "list", "watch", "*"].includes(verb));
      if (!isCore || !isAboutSecrets || reading.length === 0) continue;
      const names = rule.at("resourceNames");
      if (names.isUnknown || names.items.length > 0) continue;
      const found = `the role may ${reading.join(", ")} every Secret`;
      yield { field: resources, found, fix: "name the Secrets in resourceNames, with the verb get" };
    }
  },
});

function roleRules({ type, fields }: Resource): readonly Field[] {
  return type === types.role || type === types.clusterRole ? fields.at("rules").items : [];
}

function* judgeRule(rule: Field): Iterable<Finding> {
  const groups = rule.at("apiGroups");
  for (const verb of rule.at("verbs").items) {
    if (verb.text === "*")
      yield { field: verb, found: "the role allows every verb (*)", fix: "name the verbs, such as get" };
    else if (escalatingVerbs.includes(verb.text ?? ""))
      yield {
        field: verb,
        found: `the role allows ${verb.shown}, by which it can get any right`,
        fix: "leave it out",
      };
  }
  for (const group of groups.items) {
    if (group.text === "*")
      yield { field: group, found: "the role is for every API group (*)", fix: "name the groups" };
  }
  for (const kind of rule.at("resources").items) {
    const name = kind.text ?? "";
    if (name.startsWith("*") && !groups.items.every(isCustomGroup))
      yield {
        field: kind,
        found: `the role is for ${kind.shown}, every kind of ${groups.shown}`,
        fix: "name the kinds",
      };
    else if (escalatingResources.includes(name))
      yield {
        field: kind,
        found: `the role reaches into pods or their identities (${name})`,
        fix: "leave it out",
      };
  }
  for (const url of rule.at("nonResourceURLs").items) {
    if (url.text === "*")
      yield { field: url, found: "the role is for every address of the API (*)", fix: "name the addresses" };
  }
}

/** Groups of Kubernetes' own have no dot, or end in k8s.io. */
function isCustomGroup({ text, isUnknown }: Field): boolean {
  return isUnknown || (text !== undefined && text.includes(".") && !text.endsWith(".k8s.io"));
}

function* judgeBinding({ type, fields }: Resource): Iterable<Finding> {
  if (type !== types.roleBinding && type !== types.clusterRoleBinding) return;
  const role = fields.at("roleRef", "name");
  if (role.text !== undefined && administrators.includes(role.text)) {
    const found = `the binding gives away the role ${role.shown}`;
    yield { field: role, found, fix: "bind a role with the few rights that are needed" };
  }
  for (const subject of fields.at("subjects").items) {
    const name = subject.at("name");
    if (name.text === undefined || !everybody.includes(name.text)) continue;
    yield {
      field: name,
      found: `the binding is for ${name.shown}, which is everybody`,
      fix: "name accounts",
    };
  }
}
