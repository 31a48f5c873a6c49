import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { format } from "prettier";
import { rules } from "../../policies/index";
import { policiesPage } from "../../policies/page";
import { environments } from "../../policies/rule/environment";
import { kafkaTypes } from "../../policies/rule/kafka";
import { types } from "../../policies/rule/kubernetes-object";
import { goodDeployment, pathsIn, podSpec, runner, withField, type Data } from "./fixtures";
import { judge, judgeStack, repaired, unknownUntilUpdate, type Given, type Violation } from "./harness";
import { samples } from "./samples";

/** A stack as someone might write it in a hurry: what is right and what is wrong in one. */
const stack: readonly Given[] = [
  goodDeployment,
  [
    { path: [...runner, "image"], value: "algohub/algo-test-go:latest" },
    { path: [...runner, "env", 1], value: { name: "KAFKA_AUTH_PASSWORD", value: "hunter2" } },
    { path: [...runner, "resources", "limits", "memory"], value: undefined },
    { path: [...podSpec, "hostNetwork"], value: true },
  ].reduce((given, { path, value }) => withField(given, path, value), { ...goodDeployment, name: "hurried" }),
  {
    type: "kafka:index/topic:Topic",
    name: "orders",
    props: { name: "orders", partitions: 1, replicationFactor: 1, config: {} },
  },
  {
    type: "kafka:index/acl:Acl",
    name: "everything",
    props: {
      aclResourceName: "*",
      aclResourceType: "Topic",
      aclPrincipal: "User:algo",
      aclHost: "*",
      aclOperation: "All",
      aclPermissionType: "Allow",
    },
  },
  {
    type: "kubernetes:core/v1:ConfigMap",
    name: "settings",
    props: {
      metadata: { name: "settings", namespace: "algorun" },
      data: { "app.properties": "name=a\ndb.password=hunter2" },
    },
  },
  { type: "kubernetes:core/v1:Secret", name: "settings", props: { stringData: { password: "hunter2" } } },
  { type: "kubernetes:core/v1:Namespace", name: "algorun", props: { metadata: { name: "algorun" } } },
  { type: "algorun:data:Kafka", name: "kafka", props: {} },
];

describe("the policy pack", function () {
  this.timeout(120_000);

  it("finds in a stack exactly what is wrong with it", () => {
    const found = rules.flatMap((rule) => [
      ...stack.flatMap((given) => judge(rule, given)),
      ...judgeStack(rule, stack),
    ]);
    assert.deepEqual(
      found.map(({ policy, where }) => `${policy}: ${where}`),
      [
        "pinned-images: Deployment algorun-local-test/runner, spec.template.spec.containers[0].image",
        "restricted-pods: Deployment algorun-local-test/runner, spec.template.spec.hostNetwork",
        'hardened-namespaces: Namespace algorun, metadata.labels["pod-security.kubernetes.io/enforce"]',
        'hardened-namespaces: Namespace algorun, metadata.labels["pod-security.kubernetes.io/enforce-version"]',
        "default-deny: Namespace algorun, metadata.name",
        "covered-workloads: Deployment algorun-local-test/runner, spec.template.metadata.labels",
        "covered-workloads: Deployment algorun-local-test/runner, spec.template.metadata.labels",
        "replicated-topics: Topic orders, replicationFactor",
        "owned-topics: Topic orders, name",
        "narrow-acls: Acl everything, aclOperation",
        "narrow-acls: Acl everything, aclResourceName",
        "bounded-resources: Deployment algorun-local-test/runner, spec.template.spec.containers[0].resources.limits.memory",
        "bounded-namespaces: Namespace algorun, metadata.name",
        "hidden-secrets: Deployment algorun-local-test/runner, spec.template.spec.containers[0].env[1].value",
        'hidden-secrets: ConfigMap algorun/settings, data["app.properties"]',
        'ownership-labels: ConfigMap algorun/settings, metadata.labels["app.kubernetes.io/managed-by"]',
        'ownership-labels: ConfigMap algorun/settings, metadata.labels["app.kubernetes.io/part-of"]',
        'ownership-labels: Namespace algorun, metadata.labels["app.kubernetes.io/managed-by"]',
        'ownership-labels: Namespace algorun, metadata.labels["app.kubernetes.io/part-of"]',
      ],
    );
  });

  it("gives every rule a name of its own, a reason, a remedy and settings that explain themselves", () => {
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    for (const rule of rules) {
      assert.match(rule.name, /^[a-z]+(-[a-z]+)+$/);
      for (const text of [rule.description, rule.rationale, rule.remedy])
        assert.match(text, /^[A-Z].{30,}\.$/s);
      for (const [key, schema] of Object.entries(rule.configSchema.properties)) {
        assert.ok(schema.description !== undefined, `${rule.name}.${key} has no description`);
        assert.ok(schema.type !== undefined, `${rule.name}.${key} has no type`);
      }
    }
  });

  it("is what docs/policies.md says; `npm run policies` writes it anew", async () => {
    const page = await format(policiesPage(), { parser: "markdown" });
    assert.equal(readFileSync(join(__dirname, "../../docs/policies.md"), "utf8"), page);
  });

  it("advises at most in dev, stops the update in prod, and is never stricter before prod than in it", () => {
    const strictness = ["disabled", "advisory", "mandatory"];
    for (const rule of rules) {
      const levels = environments.map((environment) =>
        strictness.indexOf(rule.policyFor(environment).enforcementLevel ?? ""),
      );
      assert.ok((levels[0] ?? 2) <= 1, rule.name);
      assert.equal(levels.at(-1), 2, rule.name);
      assert.deepEqual(levels, levels.toSorted(), rule.name);
    }
  });

  it("finds nothing wrong with a good Deployment, whichever of its fields is not known yet", () => {
    for (const path of pathsIn(goodDeployment.props)) {
      const preview = withField(goodDeployment, path, unknownUntilUpdate);
      const found = rules.flatMap((rule) => judge(rule, preview));
      assert.deepEqual(found, [], `unknown at ${path.join(".")}`);
    }
  });

  it("still finds what is wrong beside a field that is not known yet", () => {
    const preview = withField(stack[1] ?? goodDeployment, [...runner, "env", 0, "value"], unknownUntilUpdate);
    assert.equal(rules.flatMap((rule) => judge(rule, preview)).length, 4);
  });

  it("has an answer to any data in any field of anything", () => {
    const places = samples.flatMap((sample) => pathsIn(sample.props).map((path) => ({ sample, path })));
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, ({ sample, path }, value) => {
        const given = withField(sample, path, value);
        for (const rule of rules) {
          judge(rule, given);
          judgeStack(rule, [given, ...samples]);
          repaired(rule, given);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("gives what is not known yet the benefit of the doubt, in anything", () => {
    for (const sample of samples) {
      const before = new Set(rules.flatMap((rule) => judge(rule, sample)).map(sentence));
      for (const path of pathsIn(sample.props)) {
        const preview = withField(sample, path, unknownUntilUpdate);
        const found = rules
          .flatMap((rule) => judge(rule, preview))
          .filter((one) => !before.has(sentence(one)));
        assert.deepEqual(found, [], `${sample.type} unknown at ${path.join(".")}`);
      }
    }
  });

  it("has a sample of every type that a rule is about", () => {
    const names = new Set(samples.map(({ type }) => type));
    const wanted = [...Object.values(types), ...Object.values(kafkaTypes)].filter(
      (type) => !/Role(Binding)?$/.test(type),
    );
    assert.deepEqual(
      wanted.filter((type) => !names.has(type)),
      [],
    );
  });
});

/** Any data, and what a preview does not know. */
const anything = fc.oneof(
  fc.jsonValue().map((value) => plain(value)),
  fc.constant<Data>(unknownUntilUpdate),
);

/** A violation by its rule and field; the name of its resource may be what is not known. */
function sentence({ policy, where }: Violation): string {
  return `${policy}: ${where.replace(/^.*?, /, "")}`;
}

/** The same data under the type that fixtures take. */
function plain(value: fc.JsonValue): Data {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner ?? null)]));
}
