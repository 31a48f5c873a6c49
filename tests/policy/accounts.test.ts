import assert from "node:assert/strict";
import { guardedSecrets, narrowRoles } from "../../policies/access";
import { hardenedNamespaces } from "../../policies/namespaces";
import { ownServiceAccounts, tokenlessAccounts } from "../../policies/service-accounts";
import { itJudges } from "./cases";
import { goodDeployment, podSpec } from "./fixtures";
import { judge, unknownUntilUpdate } from "./harness";
import { object } from "./objects";

itJudges(ownServiceAccounts, goodDeployment, [
  {
    what: "a pod that names none",
    path: [...podSpec, "serviceAccountName"],
    value: undefined,
    found: ['"default"'],
  },
  {
    what: "the default account by name",
    path: [...podSpec, "serviceAccountName"],
    value: "default",
    found: ['"default"'],
  },
]);

const account = object("core/v1:ServiceAccount", "shop/web", { automountServiceAccountToken: false });
itJudges(tokenlessAccounts, account, [
  {
    what: "an account that says nothing",
    path: ["automountServiceAccountToken"],
    value: undefined,
    found: ["is nothing"],
  },
  {
    what: "an account that gives tokens",
    path: ["automountServiceAccountToken"],
    value: true,
    found: ["is true"],
  },
]);
itJudges(tokenlessAccounts, object("core/v1:Secret", "shop/token", { type: "Opaque" }), [
  {
    what: "a token for ever",
    path: ["type"],
    value: "kubernetes.io/service-account-token",
    found: ["never expires"],
  },
]);

const enforce = "pod-security.kubernetes.io/enforce";
const namespace = object("core/v1:Namespace", "shop", {
  metadata: { name: "shop", labels: { [enforce]: "restricted", [`${enforce}-version`]: "v1.34" } },
});
itJudges(hardenedNamespaces, namespace, [
  {
    what: "a looser standard",
    path: ["metadata", "labels", enforce],
    value: "baseline",
    found: ['enforces "baseline"'],
  },
  { what: "none", path: ["metadata", "labels", enforce], value: undefined, found: ["enforces nothing"] },
  {
    what: "a looser standard where the setting allows it",
    path: ["metadata", "labels", enforce],
    value: "baseline",
    config: { minimumStandard: "baseline" },
  },
  {
    what: "a standard of whatever version",
    path: ["metadata", "labels", `${enforce}-version`],
    value: "latest",
    found: ['is "latest"'],
  },
]);

const role = object("rbac.authorization.k8s.io/v1:Role", "shop/reader", {
  rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }],
});
itJudges(narrowRoles, role, [
  { what: "every verb", path: ["rules", 0, "verbs"], value: ["*"], found: ["every verb"] },
  { what: "every group", path: ["rules", 0, "apiGroups"], value: ["*"], found: ["every API group"] },
  { what: "every kind", path: ["rules", 0, "resources"], value: ["*"], found: ["every kind"] },
  { what: "impersonation", path: ["rules", 0, "verbs"], value: ["impersonate"], found: ["any right"] },
  { what: "a shell in pods", path: ["rules", 0, "resources"], value: ["pods/exec"], found: ["pods/exec"] },
  {
    what: "all kinds of a program's own group",
    path: ["rules", 0],
    value: { apiGroups: ["getambassador.io"], resources: ["*"], verbs: ["get"] },
  },
  {
    what: "all kinds of a group of Kubernetes",
    path: ["rules", 0],
    value: { apiGroups: ["networking.k8s.io"], resources: ["*"], verbs: ["get"] },
    found: ["every kind"],
  },
  {
    what: "every address",
    path: ["rules", 0],
    value: { nonResourceURLs: ["*"], verbs: ["get"] },
    found: ["every address"],
  },
]);

const binding = object("rbac.authorization.k8s.io/v1:RoleBinding", "shop/reader", {
  roleRef: { kind: "Role", name: "reader" },
  subjects: [{ kind: "ServiceAccount", name: "web" }],
});
itJudges(narrowRoles, binding, [
  {
    what: "the administrator's role",
    path: ["roleRef", "name"],
    value: "cluster-admin",
    found: ["cluster-admin"],
  },
  { what: "everybody", path: ["subjects", 0, "name"], value: "system:authenticated", found: ["everybody"] },
]);

itJudges(guardedSecrets, role, [
  {
    what: "every Secret",
    path: ["rules", 0, "resources"],
    value: ["secrets"],
    found: ["get, list every Secret"],
  },
  {
    what: "one Secret by name",
    path: ["rules", 0],
    value: { apiGroups: [""], resources: ["secrets"], resourceNames: ["web"], verbs: ["get"] },
  },
  {
    what: "writing Secrets without reading",
    path: ["rules", 0],
    value: { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
  },
  { what: "rules that are not known yet", path: ["rules"], value: unknownUntilUpdate },
  { what: "every kind", path: ["rules", 0, "resources"], value: ["*"], found: ["every Secret"] },
]);

describe("policy guarded-secrets", () => {
  it("knows the readers that its setting names", () => {
    const ambassador = object("rbac.authorization.k8s.io/v1:ClusterRole", "algorun-ambassador", {
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }],
    });
    assert.deepEqual(judge(guardedSecrets, ambassador), []);
    assert.equal(judge(guardedSecrets, ambassador, { config: { readers: [] } }).length, 1);
  });
});
