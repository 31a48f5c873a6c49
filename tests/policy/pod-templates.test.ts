import assert from "node:assert/strict";
import { restrictedPods } from "../../policies/pod-security";
import { boundedResources } from "../../policies/quota";
import { hiddenSecrets } from "../../policies/secrets";
import { pinnedImages } from "../../policies/supply-chain";
import { goodTemplate } from "./fixtures";
import { judge, type Given } from "./harness";

const template = {
  ...goodTemplate,
  spec: {
    ...goodTemplate.spec,
    containers: [{ name: "bare", image: "bare", env: [{ name: "PASSWORD", value: "hunter2" }] }],
  },
};

/** Every kind that makes pods, and where it keeps their template. */
const kinds: readonly (readonly [type: string, at: string, props: Readonly<Record<string, unknown>>])[] = [
  ["kubernetes:core/v1:Pod", "", template],
  ["kubernetes:core/v1:PodTemplate", "template.", { template }],
  ["kubernetes:core/v1:ReplicationController", "spec.template.", { spec: { template } }],
  ["kubernetes:apps/v1:Deployment", "spec.template.", { spec: { template } }],
  ["kubernetes:apps/v1:StatefulSet", "spec.template.", { spec: { template } }],
  ["kubernetes:apps/v1:DaemonSet", "spec.template.", { spec: { template } }],
  ["kubernetes:apps/v1:ReplicaSet", "spec.template.", { spec: { template } }],
  ["kubernetes:batch/v1:Job", "spec.template.", { spec: { template } }],
  [
    "kubernetes:batch/v1:CronJob",
    "spec.jobTemplate.spec.template.",
    { spec: { jobTemplate: { spec: { template } } } },
  ],
  ["kubernetes:argoproj.io/v1alpha1:Rollout", "spec.template.", { spec: { template } }],
  ["kubernetes:apps/v1:DeploymentList", "items[0].spec.template.", { items: [{ spec: { template } }] }],
];

function placesOf(given: Given, rule: typeof pinnedImages): string[] {
  return judge(rule, given).map(({ where }) => where.split(", ")[1] ?? "");
}

describe("what the rules of pods look at", () => {
  for (const [type, at, props] of kinds) {
    it(`is the template of ${type}`, () => {
      const given = { type, name: "bare", props };
      const container = `${at}spec.containers[0]`;
      assert.deepEqual(placesOf(given, pinnedImages), [`${container}.image`]);
      assert.deepEqual(placesOf(given, hiddenSecrets), [`${container}.env[0].value`]);
      assert.equal(
        placesOf(given, boundedResources).filter((place) => place.startsWith(container)).length,
        6,
      );
      assert.deepEqual(placesOf(given, restrictedPods), [
        `${container}.securityContext.allowPrivilegeEscalation`,
        `${container}.securityContext.readOnlyRootFilesystem`,
        `${container}.securityContext.capabilities.drop`,
      ]);
    });
  }

  it("is only what a patch sets", () => {
    const patch = (container: Readonly<Record<string, unknown>>): Given => ({
      type: "kubernetes:apps/v1:DeploymentPatch",
      name: "patch",
      props: { spec: { template: { spec: { containers: [{ name: "runner", ...container }] } } } },
    });
    const rules = [pinnedImages, hiddenSecrets, boundedResources, restrictedPods];
    assert.deepEqual(
      rules.flatMap((rule) => placesOf(patch({ imagePullPolicy: "Always" }), rule)),
      [],
    );
    assert.deepEqual(
      rules.flatMap((rule) =>
        placesOf(patch({ image: "runner:latest", securityContext: { privileged: true } }), rule),
      ),
      [
        "spec.template.spec.containers[0].image",
        "spec.template.spec.containers[0].securityContext.privileged",
      ],
    );
  });

  it("is nothing of resources without pods", () => {
    const others: readonly Given[] = [
      { type: "kubernetes:core/v1:Service", name: "service", props: { spec: { selector: { app: "x" } } } },
      {
        type: "kubernetes:monitoring.coreos.com/v1:Prometheus",
        name: "p",
        props: { spec: { containers: [{ name: "patch" }] } },
      },
      { type: "example:index:Thing", name: "thing", props: { spec: { template } } },
    ];
    for (const given of others) {
      for (const rule of [pinnedImages, hiddenSecrets, boundedResources, restrictedPods]) {
        assert.deepEqual(judge(rule, given), []);
      }
    }
  });
});
