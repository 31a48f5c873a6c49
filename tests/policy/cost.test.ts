import assert from "node:assert/strict";
import { boundedOvercommit, placedGpus } from "../../policies/cost";
import { chosenSecrets, strongPasswords } from "../../policies/credentials";
import { boundedNamespaces, fittingRequests } from "../../policies/namespace-quota";
import { ownershipLabels, pipelineLabels } from "../../policies/ownership";
import { itJudges, itJudgesStacks } from "./cases";
import { goodDeployment, podSpec, runner, withField } from "./fixtures";
import { judge, repaired, unknownUntilUpdate, type Given } from "./harness";
import { object, workload } from "./objects";

const resources = [...runner, "resources"];
itJudges(boundedOvercommit, goodDeployment, [
  {
    what: "a limit of CPU far above the request",
    path: [...resources, "requests", "cpu"],
    value: "10m",
    found: ["more than 25 times"],
  },
  {
    what: "a limit of memory far above the request",
    path: [...resources, "limits", "memory"],
    value: "1Gi",
    found: ["more than 2 times"],
  },
  {
    what: "what the setting allows",
    path: [...resources, "limits", "memory"],
    value: "1Gi",
    config: { maximumMemoryRatio: 4 },
  },
]);

const gpu = {
  ...goodDeployment,
  ...withField(goodDeployment, [...resources, "limits", "nvidia.com/gpu"], "1"),
};
const toleration = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };
const placed = withField(gpu, [...podSpec, "tolerations"], [toleration]);
itJudges(placedGpus, placed, [
  {
    what: "a GPU on any node",
    path: [...podSpec, "tolerations"],
    value: undefined,
    found: ["asks for a GPU"],
  },
  {
    what: "a GPU on chosen nodes",
    path: [...podSpec],
    value: {
      nodeSelector: { gpu: "true" },
      containers: [{ resources: { limits: { "nvidia.com/gpu": 1 } } }],
    },
  },
  {
    what: "a node with GPUs for nothing",
    path: [...resources, "limits", "nvidia.com/gpu"],
    value: undefined,
    found: ["asks for none"],
  },
  {
    what: "no GPU in words",
    path: [...resources, "limits", "nvidia.com/gpu"],
    value: "0",
    found: ["asks for none"],
  },
]);

const namespace = object("core/v1:Namespace", "shop");
const quota = object("core/v1:ResourceQuota", "shop/quota", {
  spec: { hard: { pods: "6", "requests.cpu": "2", "limits.memory": "4Gi", "requests.storage": "30Gi" } },
});
const range = object("core/v1:LimitRange", "shop/limits", { spec: { limits: [] } });
itJudgesStacks(
  boundedNamespaces,
  [namespace, quota, range],
  [
    { what: "a namespace with neither", stack: [namespace], found: ["no ResourceQuota and no LimitRange"] },
    {
      what: "a namespace without a limit range",
      stack: [namespace, quota],
      found: ["shop has no LimitRange"],
    },
    {
      what: "a namespace whose quota is elsewhere",
      stack: [namespace, withField(quota, ["metadata", "namespace"], "x"), range],
      found: ["no ResourceQuota"],
    },
  ],
);

const sized = (name: string, replicas: number, kind = "Deployment"): Given =>
  workload(name, {
    kind,
    replicas,
    podSpec: {
      initContainers: [
        { name: "copy", resources: { requests: { cpu: "600m" } } },
        { name: "sidecar", restartPolicy: "Always", resources: { requests: { cpu: "100m" } } },
      ],
      containers: [{ name: "main", resources: { requests: { cpu: "400m" }, limits: { memory: "1Gi" } } }],
    },
    spec:
      kind === "StatefulSet"
        ? { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "10Gi" } } } }] }
        : {},
  });
itJudgesStacks(
  fittingRequests,
  [quota, sized("shop/a", 3)],
  [
    {
      what: "more pods than the quota has",
      stack: [quota, workload("shop/a", { replicas: 7 })],
      found: ['7 of pods together, and the quota is "6"'],
    },
    {
      what: "more CPU and memory than the quota has, in sum",
      stack: [quota, sized("shop/a", 3), sized("shop/b", 2)],
      found: ["5Gi of limits.memory", "3 of requests.cpu"],
    },
    {
      what: "more storage than the quota has",
      stack: [quota, sized("shop/a", 4, "StatefulSet")],
      found: ["2.4 of requests.cpu", "40Gi of requests.storage"],
    },
    { what: "pods of another namespace", stack: [quota, sized("other/a", 50)] },
    {
      what: "a quota for some pods only",
      stack: [withField(quota, ["spec", "scopes"], ["BestEffort"]), sized("shop/a", 50)],
    },
    {
      what: "a number that is not known yet",
      stack: [quota, withField(sized("shop/a", 50), ["spec", "replicas"], unknownUntilUpdate)],
    },
  ],
);

const password: Given = {
  type: "random:index/randomPassword:RandomPassword",
  name: "sql",
  props: { length: 32, special: false },
};
itJudges(strongPasswords, password, [
  { what: "a short one", path: ["length"], value: 12, found: ["12 characters"] },
  { what: "one of digits only", path: ["lower"], value: false },
  {
    what: "one of few kinds",
    path: [],
    value: { length: 32, lower: false, upper: false },
    found: ["lower and upper"],
  },
]);

itJudges(chosenSecrets, goodDeployment, [
  {
    what: "a whole Secret",
    path: [...runner, "envFrom"],
    value: [{ secretRef: { name: "all" } }],
    found: ['all keys of the Secret "all"'],
  },
  { what: "a whole ConfigMap", path: [...runner, "envFrom"], value: [{ configMapRef: { name: "all" } }] },
]);

const settings = object("core/v1:ConfigMap", "shop/settings");
itJudges(ownershipLabels, settings, [
  {
    what: "an object without labels",
    path: ["metadata", "labels"],
    value: undefined,
    found: ["managed-by", "part-of"],
  },
  {
    what: "an object without a label that the setting asks for",
    path: ["metadata", "annotations"],
    value: {},
    config: { required: ["cost-centre"] },
    found: ["cost-centre"],
  },
  { what: "labels that are not known yet", path: ["metadata", "labels"], value: unknownUntilUpdate },
]);

describe("policy ownership-labels", () => {
  it("leaves components and other providers' resources alone", () => {
    assert.deepEqual(judge(ownershipLabels, { ...settings, type: "aws:s3/bucket:Bucket", props: {} }), []);
    assert.deepEqual(
      judge(ownershipLabels, { ...settings, type: "kubernetes:helm.sh/v3:Release", props: {} }),
      [],
    );
  });

  it("repairs the labels whose values are known, and leaves the rest as it is", () => {
    const given = withField(settings, ["metadata", "labels"], {
      team: "till",
      "app.kubernetes.io/part-of": "till",
    });
    // A rule sees proxies, which newer versions of Node don't take for equal to what they stand for.
    const sent: unknown = JSON.parse(JSON.stringify(repaired(ownershipLabels, given)));
    assert.deepEqual(sent, {
      metadata: {
        name: "settings",
        namespace: "shop",
        labels: {
          team: "till",
          "app.kubernetes.io/part-of": "till",
          "app.kubernetes.io/managed-by": "pulumi",
        },
      },
    });
    assert.equal(repaired(ownershipLabels, settings), undefined);
    assert.equal(repaired(ownershipLabels, settings, { config: { required: ["cost-centre"] } }), undefined);
  });
});

const pipeline = withField(namespace, ["metadata", "labels", "algo.run/pipeline-deployment"], "acme.shop");
const mine = withField(settings, ["metadata", "labels", "algo.run/pipeline-deployment"], "acme.shop");
itJudgesStacks(
  pipelineLabels,
  [pipeline, mine],
  [
    {
      what: "an object that names no deployment",
      stack: [pipeline, settings],
      found: ["namespace of acme.shop"],
    },
    {
      what: "an object that names another deployment",
      stack: [pipeline, withField(mine, ["metadata", "labels", "algo.run/pipeline-deployment"], "acme.till")],
      found: ['is "acme.till"'],
    },
    { what: "an object of the platform", stack: [namespace, settings] },
  ],
);
