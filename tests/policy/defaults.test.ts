import assert from "node:assert/strict";
import { z } from "zod";
import { Pipeline } from "../../components/pipeline/pipeline";
import { Platform } from "../../components/platform";
import { parseSettings } from "../../config/parse-settings";
import { rules } from "../../policies/index";
import { environments, type Environment } from "../../policies/rule/environment";
import { recordStack } from "../../render/rendered-stack";
import { stackNames } from "../../render/stack-config";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { awsSettings, systemModes } from "../harness/managed-settings";
import { deployStack } from "../harness/whole-stack";
import { fanOut } from "../unit/pipeline/pipeline-under-test";
import { planUnderTest } from "../unit/pipeline/plans-under-test";
import { violationsIn } from "./registered";

/** Everything that the program makes from a stack's config, with a pipeline of three algos. */
async function stackOf(config: Readonly<Record<string, unknown>>): Promise<readonly RegisteredResource[]> {
  const { resources } = await deploy(() => {
    const settings = parseSettings(config);
    const retainData = settings.environment !== "dev";
    const platform = new Platform("platform", { ...settings, retainData, mediaStreams: true });
    const plan = planUnderTest(fanOut);
    return new Pipeline(plan.name, { plan, platform, podDefaults: settings.pods, retainData });
  });
  return resources.filter(({ custom }) => custom);
}

/** What prod asks for and no default can invent. */
const certificates = {
  ambassador: { tlsSecretName: "edge-certificate" },
  kafka: { mode: "cluster", tls: { secretName: "kafka-certificate" } },
};

/** The document under test has images of its own. */
const registries = {
  "trusted-registries": { registries: ["docker.io", "ghcr.io", "quay.io", "registry.example/acme"] },
};

function levelOf(policy: string, environment: Environment): string | undefined {
  return rules.find(({ name }) => name === policy)?.levels[environment];
}

describe("the project's own stacks", function () {
  this.timeout(60_000);

  it("are bound by every rule, but for dev", () => {
    const looser = rules.flatMap(({ name, levels }) =>
      environments
        .filter((environment) => environment !== "dev" && levels[environment] !== "mandatory")
        .map((environment) => `${name} in ${environment}`),
    );
    assert.deepEqual(looser, []);
  });

  for (const stack of stackNames()) {
    it(`break no rule that would stop their update: ${stack}`, async () => {
      const environment = z.enum(environments).parse(stack);
      const resources = await recordStack(stack);
      assert.ok(resources.length > 300, `${resources.length} resources`);
      const counting = violationsIn(resources, environment).filter(
        ({ policy }) => levelOf(policy, environment) === "mandatory",
      );
      assert.deepEqual(counting, []);
    });
  }
});

describe("what the program makes by default", function () {
  this.timeout(60_000);

  for (const environment of environments) {
    it(`keeps every rule of ${environment}, with certificates`, async () => {
      const resources = await stackOf({ ...certificates, environment });
      assert.ok(resources.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type)).length > 8);
      assert.deepEqual(violationsIn(resources, environment, registries), []);
    });
  }

  it("keeps every rule of prod with the other engines", async () => {
    const engines = { objectStorage: { engine: "seaweedfs" }, sql: { engine: "mariadb" } };
    const resources = await stackOf({ ...certificates, ...engines, environment: "prod" });
    assert.deepEqual(violationsIn(resources, "prod", registries), []);
  });

  for (const environment of ["staging", "prod"] as const) {
    it(`keeps every rule of ${environment} where AWS runs the data layer`, async () => {
      const managed = {
        aws: awsSettings,
        kafka: systemModes.kafka.msk,
        objectStorage: systemModes.objectStorage.s3,
        sql: systemModes.sql.rds,
        redis: systemModes.redis.elasticache,
        backups: { enabled: false },
        documents: ["tests/documents/yard-camera.yaml"],
      };
      const { ambassador } = certificates;
      const resources = await deployStack({ ambassador, ...managed, environment });
      const made = resources.filter(({ custom }) => custom);
      assert.ok(made.filter(({ type }) => type.startsWith("aws:")).length > 30);
      assert.deepEqual(violationsIn(made, environment, registries), []);
    });
  }

  for (const environment of environments) {
    const wants = environment === "dev" ? "does not insist on certificates" : "insists on certificates";
    it(`${wants} in ${environment}, and says which keys name them`, async () => {
      const resources = await stackOf({ environment });
      const stopping = violationsIn(resources, environment, registries)
        .filter(({ policy }) => levelOf(policy, environment) === "mandatory")
        .map(
          ({ policy, edit }) => `${policy}: ${/algorun:\w+ in the stack's config$/.exec(edit)?.[0] ?? edit}`,
        );
      const wanted = [
        "encrypted-kafka: algorun:kafka in the stack's config",
        "encrypted-edge: algorun:ambassador in the stack's config",
      ];
      assert.deepEqual([...new Set(stopping)], environment === "dev" ? [] : wanted);
    });
  }

  it("breaks a rule when the config asks for it, and the message leads there", async () => {
    const resources = await stackOf({ ...certificates, images: { valkey: { tag: "latest" } } });
    const violations = violationsIn(resources, "prod", registries);
    assert.deepEqual(
      violations.map(({ policy, where, edit }) => `${policy}: ${where}: ${edit}`),
      [
        "pinned-images: StatefulSet algorun/redis, spec.template.spec.containers[0].image: component Redis in components/backend, or algorun:images in the stack's config",
      ],
    );
  });

  it("puts nothing that Pulumi keeps secret into a ConfigMap", async () => {
    const open = (await stackOf({})).filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    assert.ok(open.length > 5);
    assert.deepEqual(
      open.flatMap(({ name, secrets }) => secrets.map((field) => `${name}: ${field}`)),
      [],
    );
  });
});
