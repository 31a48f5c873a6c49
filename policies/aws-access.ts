import { z } from "zod";
import { isEverywhere } from "./rule/address-block";
import { allowedBy, oneOrMore, type Statement } from "./rule/aws";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings, type Finding } from "./rule/rule";

/** The world does not reach what is behind the edge. */
export const awsClosedSecurityGroups = defineRule({
  name: "aws-closed-security-groups",
  severity: "critical",
  description: "No security group lets everybody in.",
  rationale:
    "Databases, brokers and nodes are found by scanners within minutes of being open, and tried with every password that was ever leaked.",
  remedy:
    "Name the security group or the address block that connects. Where a load balancer must be open, its port is on the list openPorts.",
  levels: advisoryInDev,
  settings: z.strictObject({
    openPorts: z.array(z.int().min(1)).default([]).meta({
      description: "Ports at which everybody may connect, such as 443 of a load balancer",
    }),
  }),
  *judge(resource, { settings }) {
    for (const { ports, blocks } of ingressOf(resource)) {
      const [from, to, protocol] = [
        ports.at("fromPort").number,
        ports.at("toPort").number,
        protocolOf(ports),
      ];
      const isAllowed =
        from !== undefined && from === to && protocol === "tcp" && settings.openPorts.includes(from);
      if (isAllowed) continue;
      for (const block of blocks) {
        if (!isEverywhere(block.text ?? "")) continue;
        const which =
          protocol === "-1" ? "every port" : `port ${from ?? "?"}${from === to ? "" : ` to ${to ?? "?"}`}`;
        const found = `everybody (${block.text ?? ""}) may connect to ${which}`;
        yield { field: block, found, fix: "name the security group or the address block that connects" };
      }
    }
  },
});

/** A role may do what it needs. */
export const awsNarrowPolicies = defineRule({
  name: "aws-narrow-policies",
  severity: "critical",
  description: "No IAM policy allows every action, every action of a service on everything, or all but some.",
  rationale:
    "Whoever gets hold of the role of one pod has what the role has. With s3:* on *, that is every bucket of the account, and with iam:* it is the account.",
  remedy:
    "Name the actions (s3:GetObject), and the resources by their ARNs; leave NotAction and NotResource out.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge({ type, fields }) {
    for (const policy of policiesOf(type, fields)) {
      for (const statement of allowedBy(policy)) yield* judgeStatement(statement);
    }
  },
});

/** Only the pods that a role is for get it. */
export const awsBoundRoles = defineRule({
  name: "aws-bound-roles",
  severity: "critical",
  description:
    "Every role for pods names the service account that may take it, and no role is for everybody.",
  rationale:
    "A role that trusts the cluster's issuer of tokens without a condition on sub can be taken by every pod of the cluster, and one without aud by tokens that were made for others.",
  remedy:
    "Add the condition StringEquals with {issuer}:sub system:serviceaccount:{namespace}:{name} and {issuer}:aud sts.amazonaws.com to the trust policy.",
  levels: advisoryInDev,
  settings: noSettings,
  type: "aws:iam/role:Role",
  *judge({ fields }) {
    for (const statement of allowedBy(fields.at("assumeRolePolicy"))) yield* judgeTrust(statement);
  },
});

function policiesOf(type: string, fields: Field): readonly Field[] {
  if (/^aws:iam\/(?:policy|rolePolicy|userPolicy|groupPolicy):/.test(type)) return [fields.at("policy")];
  if (type === "aws:iam/role:Role")
    return fields.at("inlinePolicies").items.map((policy) => policy.at("policy"));
  return [];
}

function* judgeStatement({ field, label, content }: Statement): Iterable<Finding> {
  const actions = oneOrMore(content.at("Action"));
  const isEverything = oneOrMore(content.at("Resource")).some((name) => name === "*");
  for (const action of actions) {
    if (action === "*" || (isEverything && /^[a-z\d-]+:\*$/i.test(action))) {
      const on = isEverything ? " on everything" : "";
      yield {
        field,
        found: `the statement ${label} allows ${action}${on}`,
        fix: "name the actions, and the resources",
      };
    }
  }
  for (const key of ["NotAction", "NotResource"]) {
    if (content.at(key).isAbsent) continue;
    yield {
      field,
      found: `the statement ${label} allows all but some (${key})`,
      fix: `write ${key.slice(3)} instead`,
    };
  }
}

function* judgeTrust({ field, label, content }: Statement): Iterable<Finding> {
  const principal = content.at("Principal");
  const names = [...oneOrMore(principal), ...oneOrMore(principal.at("AWS"))];
  if (names.includes("*") && content.at("Condition").isAbsent) {
    yield {
      field,
      found: `the statement ${label} trusts everybody`,
      fix: "name who may take the role, in Principal",
    };
  }
  if (!oneOrMore(content.at("Action")).includes("sts:AssumeRoleWithWebIdentity")) return;
  const conditions = content
    .at("Condition")
    .entries.flatMap(([operator, values]) =>
      values.entries.map(([key, value]) => ({ operator, key, texts: oneOrMore(value) })),
    );
  for (const claim of ["sub", "aud"]) {
    const stated = conditions.filter(({ key }) => key.endsWith(`:${claim}`));
    const isBound = stated.some(
      ({ operator, texts }) =>
        /^String(?:Equals|Like)/.test(operator) &&
        texts.every((text) => !/^\*|:\*$|^system:serviceaccount:\*/.test(text)),
    );
    if (isBound) continue;
    const found = `the statement ${label} does not say which ${claim} a token must have`;
    yield { field, found, fix: `add a condition StringEquals on {issuer}:${claim}, without *` };
  }
}

/** Who may come in at which ports. */
interface Ingress {
  readonly ports: Field;
  readonly blocks: readonly Field[];
}

function ingressOf({ type, fields }: Resource): readonly Ingress[] {
  switch (type) {
    case "aws:ec2/securityGroup:SecurityGroup":
    case "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":
      return fields.at("ingress").items.map((ports) => ({ ports, blocks: blocksOf(ports) }));
    case "aws:ec2/securityGroupRule:SecurityGroupRule":
      return fields.at("type").text === "ingress" ? [{ ports: fields, blocks: blocksOf(fields) }] : [];
    case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
      return [{ ports: fields, blocks: [fields.at("cidrIpv4"), fields.at("cidrIpv6")] }];
    default:
      return [];
  }
}

function blocksOf(ports: Field): readonly Field[] {
  return [...ports.at("cidrBlocks").items, ...ports.at("ipv6CidrBlocks").items];
}

function protocolOf(ports: Field): string {
  return ports.at("protocol").text ?? ports.at("ipProtocol").text ?? "-1";
}
