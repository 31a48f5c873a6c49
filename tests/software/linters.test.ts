import assert from "node:assert/strict";
import { acceptedFindings } from "../../linters/accepted-findings";
import { findingText, linterNames, type Finding } from "../../linters/finding";
import { judge } from "../../linters/judgement";
import { lintManifests } from "../../linters/lint-manifests";
import { lintedStack, stackManifests } from "../../linters/stack-manifests";

/** A Deployment as it is written by somebody in a hurry: each linter must say something about its one container. */
const careless = `# kubernetes:apps/v1:Deployment careless
apiVersion: apps/v1
kind: Deployment
metadata:
  name: careless
  namespace: shop
spec:
  replicas: 3
  selector: { matchLabels: { app: careless } }
  template:
    metadata: { labels: { app: careless } }
    spec:
      containers:
        - name: web
          image: docker.io/library/nginx:latest
          securityContext: { privileged: true }
`;

describe("linters", function () {
  this.timeout(120_000);

  function lint(text: string): Promise<readonly Finding[]> {
    return lintManifests({ "namespace-shop.yaml": text });
  }

  it("find nothing in the staging stack but what is accepted, and all that is", async () => {
    const findings = await lintManifests(await stackManifests(lintedStack));
    const { unaccepted, stale } = judge(findings, acceptedFindings);
    assert.deepEqual(unaccepted.map(findingText), []);
    assert.deepEqual(stale, []);
  });

  it("each find what is wrong with a careless Deployment, and where", async () => {
    const checks = {
      "kube-linter": "privileged-container",
      "kube-score": "container-security-context-privileged",
      polaris: "runAsPrivileged",
    } as const;
    const { unaccepted } = judge(await lint(careless), acceptedFindings);
    for (const linter of linterNames) {
      const found = unaccepted.filter(
        (finding) => finding.linter === linter && finding.check === checks[linter],
      );
      assert.deepEqual(
        found.map(({ object, container }) => ({ object, container })),
        [{ object: { kind: "Deployment", namespace: "shop", name: "careless" }, container: "web" }],
        linter,
      );
    }
  });

  it("can't be asked to be silent by an annotation", async () => {
    const silenced = careless.replace(
      "  namespace: shop\n",
      `$&  annotations:
    kube-score/ignore: container-security-context-privileged
    polaris.fairwinds.com/exempt: "true"
`,
    );
    const checks = (await lint(silenced)).map(({ check }) => check);
    assert.ok(checks.includes("container-security-context-privileged"));
    assert.ok(checks.includes("runAsPrivileged"));
  });

  it("say so when they can't read a manifest", async () => {
    await assert.rejects(
      lint(careless.replace("replicas: 3", "replicas: many")),
      /^UserError: .*kube-score failed \(exit code 1\): .*Deployment/,
    );
  });
});
