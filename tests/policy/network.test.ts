import assert from "node:assert/strict";
import { knownEntrances, narrowEgress, narrowIngress } from "../../policies/network";
import { coveredWorkloads, defaultDeny } from "../../policies/network-coverage";
import { itJudges, itJudgesStacks } from "./cases";
import { withField } from "./fixtures";
import { judge, unknownUntilUpdate } from "./harness";
import { object, workload } from "./objects";

const policyType = "networking.k8s.io/v1:NetworkPolicy";
const from = ["spec", "ingress", 0, "from"];
const to = ["spec", "egress", 0, "to"];

const policy = object(policyType, "shop/web", {
  spec: {
    podSelector: { matchLabels: { app: "web" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
    egress: [
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: [{ port: 80 }] },
      { to: [{ namespaceSelector: { matchLabels: { name: "kube-system" } } }] },
    ],
  },
});

itJudges(narrowIngress, policy, [
  { what: "a rule without peers", path: from, value: undefined, found: ["no peers"] },
  { what: "an empty list of peers", path: from, value: [], found: ["no peers"] },
  { what: "every address", path: from, value: [{ ipBlock: { cidr: "::/0" } }], found: ['"::/0"'] },
  { what: "every namespace", path: from, value: [{ namespaceSelector: {} }], found: ["all namespaces"] },
  {
    what: "some pods of every namespace",
    path: from,
    value: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "prometheus" } } }],
  },
  { what: "peers that are not known yet", path: from, value: unknownUntilUpdate },
  { what: "the edge", path: from, value: undefined, config: { edges: ["shop/*"] } },
]);

itJudges(narrowEgress, policy, [
  { what: "a rule without peers", path: to, value: undefined, found: ["no peers"] },
  {
    what: "everything on every port",
    path: ["spec", "egress", 0, "ports"],
    value: undefined,
    found: ["on every port"],
  },
  {
    what: "the metadata service",
    path: [...to, 0, "ipBlock", "except"],
    value: ["10.0.0.0/8"],
    found: ["169.254.169.254"],
  },
  {
    what: "the metadata service's address alone",
    path: to,
    value: [{ ipBlock: { cidr: "169.254.169.254/32" } }],
    found: ["169.254.169.254"],
  },
  {
    what: "the metadata service by IPv6",
    path: to,
    value: [{ ipBlock: { cidr: "::/0" } }],
    found: ["fd00:ec2::254"],
  },
  {
    what: "the metadata service within a range of ports",
    path: ["spec", "egress", 0],
    value: { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 1, endPort: 100 }] },
    found: ["169.254.169.254"],
  },
  {
    what: "every address at a port where no metadata is served",
    path: ["spec", "egress", 0],
    value: { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }] },
  },
  { what: "what is no address block", path: [...to, 0, "ipBlock", "cidr"], value: "everywhere" },
]);

const service = object("core/v1:Service", "shop/web", { spec: { type: "ClusterIP" } });
itJudges(knownEntrances, service, [
  { what: "a load balancer", path: ["spec", "type"], value: "LoadBalancer", found: ["is a LoadBalancer"] },
  { what: "a node's port", path: ["spec", "type"], value: "NodePort", found: ["is a NodePort"] },
  {
    what: "an address of others",
    path: ["spec", "externalIPs"],
    value: ["192.0.2.1"],
    found: ['["192.0.2.1"]'],
  },
  {
    what: "an entrance of the list",
    path: ["spec", "type"],
    value: "NodePort",
    config: { entrances: ["shop/web"] },
  },
  {
    what: "an entrance for everybody where the setting asks who",
    path: ["spec", "type"],
    value: "LoadBalancer",
    config: { entrances: ["*"], requireSourceRanges: true },
    found: ["serves everybody (nothing)"],
  },
]);

describe("policy known-entrances", () => {
  it("knows those that the platform makes, and none that is called alike", () => {
    const opened = (name: string): number =>
      judge(knownEntrances, object("core/v1:Service", name, { spec: { type: "NodePort" } })).length;
    const ours = ["algorun/ambassador-edge", "algorun/nginx-rtmp-edge", "algorun/kafka-broker-0-external"];
    assert.deepEqual(ours.map(opened), [0, 0, 0]);
    const others = ["algorun/kafka-broker", "algorun/kafka-broker-0", "algorun/redis-external"];
    assert.deepEqual(others.map(opened), [1, 1, 1]);
  });
});

const namespace = object("core/v1:Namespace", "shop");
const deny = object(policyType, "shop/deny", {
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const denyInside = withField(deny, ["spec", "policyTypes"], ["Ingress"]);
itJudgesStacks(
  defaultDeny,
  [namespace, deny],
  [
    { what: "a namespace without", stack: [namespace], found: ["denies all Ingress and Egress"] },
    {
      what: "a namespace with that of another",
      stack: [namespace, object(policyType, "other/deny", { spec: { podSelector: {} } })],
      found: ["denies all"],
    },
    {
      what: "one that is for what comes in only",
      stack: [namespace, denyInside],
      found: ["denies all Egress"],
    },
    {
      what: "one that lets something out",
      stack: [namespace, withField(deny, ["spec", "egress"], [{ to: [{ podSelector: {} }] }])],
      found: ["denies all Egress"],
    },
    {
      what: "one that is for some pods",
      stack: [namespace, withField(deny, ["spec", "podSelector", "matchLabels"], { app: "web" })],
      found: ["denies all Ingress and Egress"],
    },
    { what: "one that is not known yet", stack: [namespace, withField(deny, ["spec"], unknownUntilUpdate)] },
    {
      what: "two that deny half each",
      stack: [namespace, denyInside, withField(deny, ["spec", "policyTypes"], ["Egress"])],
    },
  ],
);

itJudgesStacks(
  coveredWorkloads,
  [workload("shop/web"), policy],
  [
    {
      what: "one that only the namespace's policies select",
      stack: [workload("shop/web"), deny],
      found: ["for Ingress and Egress"],
    },
    {
      what: "one whose policy is elsewhere",
      stack: [workload("other/web"), policy],
      found: ["no network policy"],
    },
    {
      what: "one of another label",
      stack: [workload("shop/api", { app: "api" }), policy],
      found: ["no network policy"],
    },
    {
      what: "one whose policy says nothing of what goes out",
      stack: [workload("shop/web"), withField(policy, ["spec", "policyTypes"], ["Ingress"])],
      found: ["for Egress"],
    },
    {
      what: "one whose policy has expressions",
      stack: [
        workload("shop/web"),
        withField(policy, ["spec", "podSelector"], {
          matchExpressions: [{ key: "app", operator: "In", values: ["api", "web"] }],
        }),
      ],
    },
  ],
);

describe("policy narrow-egress", () => {
  it("says which part of the policy to change, and how", () => {
    const [violation] = judge(narrowEgress, withField(policy, [...to, 0, "ipBlock", "except"], undefined));
    assert.deepEqual(
      [violation?.where, violation?.fix],
      ["NetworkPolicy shop/web, spec.egress[0].to[0].ipBlock.except", "leave 169.254.0.0/16 out, in except"],
    );
  });
});
