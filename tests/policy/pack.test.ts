import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { rules } from "../../policies/index";
import { environments } from "../../policies/rule/environment";
import { goodDeployment, pathsIn, podSpec, runner, withField, type Data } from "./fixtures";
import { judge, judgeStack, unknownUntilUpdate, type Given } from "./harness";

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

describe("the policy pack", () => {
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
        "bounded-resources: Deployment algorun-local-test/runner, spec.template.spec.containers[0].resources.limits.memory",
        "replicated-topics: Topic orders, replicationFactor",
        "narrow-acls: Acl everything, aclOperation",
        "narrow-acls: Acl everything, aclResourceName",
        "hidden-secrets: Deployment algorun-local-test/runner, spec.template.spec.containers[0].env[1].value",
        'hidden-secrets: ConfigMap algorun/settings, data["app.properties"]',
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

  it("is documented: every rule with its severity, every setting", () => {
    const readme = readFileSync(join(__dirname, "../../policies/README.md"), "utf8");
    for (const { name, severity, configSchema } of rules) {
      assert.match(readme, new RegExp(`^\\| \`${name}\` +\\| ${severity} +\\|`, "m"));
      for (const setting of Object.keys(configSchema.properties)) {
        assert.match(readme, new RegExp(`^\\|.*\\|.*\`${setting}\`.*\\|.*\\|.*\\|$`, "m"), setting);
      }
    }
  });

  it("only advises in dev, and stops the update everywhere else", () => {
    for (const rule of rules) {
      assert.deepEqual(
        environments.map((environment) => rule.policyFor(environment).enforcementLevel),
        ["advisory", "mandatory", "mandatory", "mandatory"],
      );
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

  it("has an answer to any data in any field", () => {
    const types = [
      "apps/v1:Deployment",
      "core/v1:Pod",
      "batch/v1:CronJob",
      "core/v1:ConfigMap",
      "core/v1:Secret",
    ];
    const someType = fc.constantFrom(
      ...types.map((type) => `kubernetes:${type}`),
      "kafka:index/topic:Topic",
      "kafka:index/acl:Acl",
      "random:index/randomPassword:RandomPassword",
    );
    const fields = fc.constantFrom(...pathsIn(goodDeployment.props));
    fc.assert(
      fc.property(someType, fields, fc.jsonValue(), (type, path, value) => {
        const given = { ...withField(goodDeployment, path, plain(value)), type };
        for (const rule of rules) {
          judge(rule, given);
          judgeStack(rule, [given, goodDeployment]);
        }
      }),
    );
  });
});

/** The same data under the type that fixtures take. */
function plain(value: fc.JsonValue): Data {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner ?? null)]));
}
