import { awsBoundRoles, awsClosedSecurityGroups, awsNarrowPolicies } from "../../policies/aws-access";
import { aws, policyDocument } from "./aws-resource";
import { itJudges } from "./cases";
import type { Data } from "./fixtures";

const key = "arn:aws:kms:eu-central-1:111122223333:key/1";
const group = aws("ec2/securityGroup:SecurityGroup", "brokers", {
  ingress: [{ protocol: "tcp", fromPort: 9096, toPort: 9096, cidrBlocks: ["10.0.0.0/16"] }],
});
itJudges(awsClosedSecurityGroups, group, [
  {
    what: "everybody",
    path: ["ingress", 0, "cidrBlocks"],
    value: ["0.0.0.0/0"],
    found: ["everybody (0.0.0.0/0) may connect to port 9096"],
  },
  {
    what: "everybody by IPv6",
    path: ["ingress", 0, "ipv6CidrBlocks"],
    value: ["::/0"],
    found: ["everybody (::/0)"],
  },
  {
    what: "a port of the list",
    path: ["ingress", 0, "cidrBlocks"],
    value: ["0.0.0.0/0"],
    config: { openPorts: [9096] },
  },
]);
itJudges(
  awsClosedSecurityGroups,
  aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "brokers", {
    ipProtocol: "-1",
    cidrIpv4: "10.0.0.0/8",
  }),
  [{ what: "everybody at every port", path: ["cidrIpv4"], value: "0.0.0.0/0", found: ["every port"] }],
);
itJudges(
  awsClosedSecurityGroups,
  aws("ec2/securityGroupRule:SecurityGroupRule", "brokers", {
    type: "egress",
    protocol: "-1",
    cidrBlocks: ["0.0.0.0/0"],
  }),
  [{ what: "everybody who comes in", path: ["type"], value: "ingress", found: ["everybody"] }],
);

const policy = aws("iam/policy:Policy", "files", {
  policy: policyDocument({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::files/*" }),
});
itJudges(awsNarrowPolicies, policy, [
  {
    what: "every action",
    path: ["policy"],
    value: policyDocument({ Action: "*", Resource: key }),
    found: ["allows *"],
  },
  {
    what: "every action of a service on everything",
    path: ["policy"],
    value: policyDocument({ Action: ["s3:*"], Resource: ["*"] }),
    found: ["allows s3:* on everything"],
  },
  {
    what: "every action of a service on one thing",
    path: ["policy"],
    value: policyDocument({ Action: "s3:*", Resource: key }),
  },
  {
    what: "all but some",
    path: ["policy"],
    value: policyDocument({ NotAction: "iam:*", Resource: key }),
    found: ["NotAction"],
  },
  {
    what: "a refusal of everything",
    path: ["policy"],
    value: JSON.stringify({ Statement: { Effect: "Deny", Action: "*" } }),
  },
]);

const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/1";
const trust = (conditions: Readonly<Record<string, Data>>): string =>
  policyDocument({
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Condition: { StringEquals: conditions },
  });
const audience = { [`${issuer}:aud`]: "sts.amazonaws.com" };
const role = aws("iam/role:Role", "files", {
  assumeRolePolicy: trust({ ...audience, [`${issuer}:sub`]: "system:serviceaccount:shop:web" }),
});
itJudges(awsBoundRoles, role, [
  {
    what: "every pod of the cluster",
    path: ["assumeRolePolicy"],
    value: trust(audience),
    found: ["which sub"],
  },
  {
    what: "every account of a namespace",
    path: ["assumeRolePolicy"],
    value: trust({ ...audience, [`${issuer}:sub`]: "system:serviceaccount:shop:*" }),
    found: ["which sub"],
  },
  {
    what: "tokens for others",
    path: ["assumeRolePolicy"],
    value: trust({ [`${issuer}:sub`]: "system:serviceaccount:shop:web" }),
    found: ["which aud"],
  },
  {
    what: "everybody",
    path: ["assumeRolePolicy"],
    value: policyDocument({ Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
    found: ["trusts everybody"],
  },
]);
