import assert from "node:assert/strict";
import { GuardedNamespace } from "../../../components/workload/guarded-namespace";
import { deploy, settle } from "../../harness/deploy";
import { manifestSchema, manifests, theManifest } from "../../harness/manifests";

describe("a guarded namespace", () => {
  it("holds every pod to the restricted standard, in a stated version", async () => {
    const { resources } = await deploy(() => new GuardedNamespace("shop", { labels: { team: "tills" } }));
    const { metadata } = theManifest(resources, "Namespace", "shop", manifestSchema);
    const labels = metadata.labels ?? {};
    for (const mode of ["enforce", "warn", "audit"]) {
      assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
      assert.match(labels[`pod-security.kubernetes.io/${mode}-version`] ?? "", /^v1\.\d+$/);
    }
    assert.equal(labels["team"], "tills");
  });

  it("denies all traffic but DNS, bounds resources, and gives the default account no token", async () => {
    const { resources, result } = await deploy(() => new GuardedNamespace("shop", { quota: { pods: "3" } }));
    const name = await settle(result.namespaceName);
    const objects = manifests(resources).filter(({ metadata }) => metadata.namespace === name);
    const found = (kind: string, objectName: string): unknown =>
      objects.find((object) => object.kind === kind && object.metadata.name === objectName)?.["spec"];
    assert.deepEqual(found("NetworkPolicy", "default-deny"), {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    assert.ok(found("NetworkPolicy", "dns"));
    assert.deepEqual(found("ResourceQuota", "quota"), { hard: { pods: "3" } });
    assert.ok(found("LimitRange", "limits"));
    const account = objects.find(({ kind }) => kind === "ServiceAccount");
    assert.equal(account?.metadata.name, "default");
    assert.equal(account["automountServiceAccountToken"], false);
  });
});
