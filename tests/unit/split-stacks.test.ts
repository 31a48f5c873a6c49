import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { RegisteredResource } from "../harness/deploy";
import { exampleSettings } from "../harness/example-settings";
import { assertHardened } from "../harness/hardening";
import { awsSettings, systemModes } from "../harness/managed-settings";
import { recordOneOf, type StackSettings } from "../harness/stack-folder";
import { violationsIn } from "../policy/registered";

const encrypted = { secure: "v1:cannot:be-read" };
/** With media streams, files by reference, rate limits, a rollout, a data connector and GPUs. */
const documents = [
  "tests/documents/yard-camera.yaml",
  "pipelines/examples/change-capture.yaml",
  "pipelines/examples/gpu-inference.yaml",
  "pipelines/examples/model-canary.yaml",
];
const { kafka, objectStorage } = systemModes;

/** Whole stacks to be split, each with another data layer. */
const wholes: Readonly<Record<string, StackSettings>> = {
  "Kafka and MinIO in the cluster": { ...exampleSettings, documents, pullSecret: encrypted },
  "SeaweedFS and KEDA": { ...exampleSettings, documents, objectStorage: objectStorage.seaweedfs },
  "MSK and S3": {
    ...exampleSettings,
    documents,
    aws: awsSettings,
    kafka: kafka.msk,
    objectStorage: objectStorage.s3,
    backups: { enabled: false },
  },
  "a Kafka and a storage of somebody else's": {
    ...exampleSettings,
    documents,
    kafka: kafka.external,
    kafkaPassword: encrypted,
    objectStorage: objectStorage.external,
    objectStorageSecretAccessKey: encrypted,
  },
};

const environment = "kind";

/** A platform, and two stacks that share out its pipelines. */
function split(whole: StackSettings): Readonly<Record<string, StackSettings>> {
  const settings = { environment, documents, platformStack: "base" };
  return {
    base: { environment, ...whole, exclude: ["*"] },
    near: { ...settings, include: ["northwind.*", "orchard.*"] },
    far: { ...settings, platformStack: "organization/algorun/base", exclude: ["northwind.*", "orchard.*"] },
  };
}

for (const [name, settings] of Object.entries(wholes)) {
  describe(`a split stack with ${name}`, function () {
    this.timeout(120_000);
    let whole: readonly RegisteredResource[];
    let base: readonly RegisteredResource[];
    let near: readonly RegisteredResource[];
    let far: readonly RegisteredResource[];

    before(async () => {
      whole = await recordOneOf({ whole: { environment, ...settings } }, "whole");
      const stacks = split(settings);
      base = await recordOneOf(stacks, "base");
      near = await recordOneOf(stacks, "near");
      far = await recordOneOf(stacks, "far");
    });

    it("has every resource once, in one of its stacks", () => {
      const made = [...base, ...near, ...far].filter(isShared).map(placeOf);
      assert.deepEqual(made.toSorted(), whole.filter(isShared).map(placeOf).toSorted());
      assert.ok(near.length > 50 && far.length > 50 && base.length > 100);
    });

    it("makes each of them as the whole one does, but says whose a namespace is", () => {
      const before = new Map(whole.map((resource) => [placeOf(resource), resource]));
      for (const resource of [...base, ...near, ...far].filter(isShared)) {
        const { inputs, dependencies, parent, urn, ...others } = resource;
        const {
          inputs: inputsBefore,
          dependencies: dependenciesBefore,
          parent: parentBefore,
          urn: urnBefore,
          ...othersBefore
        } = before.get(placeOf(resource)) ?? resource;
        assert.notEqual(urn, urnBefore);
        assert.deepEqual(others, othersBefore, urn);
        assert.deepEqual(withoutStack(inputs), inputsBefore, urn);
        assert.equal(parent && place(parent), parentBefore && place(parentBefore), urn);
        // What the platform has made before is there.
        const waited = new Set(dependenciesBefore.map(place));
        assert.deepEqual(
          dependencies.map(place).filter((each) => !waited.has(each)),
          [],
          urn,
        );
      }
    });

    it("says in every namespace of a pipeline whose it is, and elsewhere nothing", () => {
      const ownersOf = (resources: readonly RegisteredResource[]): readonly unknown[] => [
        ...new Set(
          resources
            .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
            .map(({ inputs }) => annotationsOf(inputs)?.["algo.run/stack"]),
        ),
      ];
      assert.deepEqual(ownersOf(near), ["organization/algorun/near"]);
      assert.deepEqual(ownersOf(far), ["organization/algorun/far"]);
      assert.deepEqual(ownersOf(base), [undefined]);
    });

    it("keeps what the platform handed over out of everything but Secrets and providers", () => {
      const passwords = [...base, ...near, ...far]
        .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
        .map((password) => `${password.name}-result`)
        .concat("algorun:kafkaPassword-secret", "algorun:objectStorageSecretAccessKey-secret");
      const open = [...near, ...far].filter(({ inputs, secrets }) => {
        const clear = Object.entries(inputs).filter(([argument]) => !secrets.includes(argument));
        return passwords.some((password) => JSON.stringify(clear).includes(password));
      });
      assert.deepEqual(
        open.map(({ urn }) => urn),
        [],
      );
    });
  });
}

describe("the stacks of a split platform", function () {
  this.timeout(120_000);

  it("break no policy that the whole one keeps, and have hardened pods", async () => {
    const [settings = {}] = Object.values(wholes);
    const whole = await recordOneOf({ whole: { environment, ...settings } }, "whole");
    const known = new Set(violationsIn(whole, environment).map(({ policy }) => policy));
    for (const stack of ["base", "near", "far"]) {
      const resources = await recordOneOf(split(settings), stack);
      assertHardened(resources);
      const broken = violationsIn(resources, environment).map(({ policy }) => policy);
      assert.deepEqual(
        broken.filter((policy) => !known.has(policy)),
        [],
      );
    }
  });
});

describe("the config of a split stack", function () {
  this.timeout(60_000);

  it("refuses globs without a match and pipelines of a sibling, all at once", async () => {
    const stacks = {
      base: { environment, exclude: ["*"] },
      near: { environment, platformStack: "base", include: ["acme.*", "harbor.*"] },
      far: { environment, platformStack: "base", include: ["*"] },
    };
    await assert.rejects(recordOneOf(stacks, "near"), (error) => {
      assert.ok(error instanceof pulumi.RunError);
      assert.match(error.message, /The stack's config has 2 mistakes:/);
      assert.match(error.message, /algorun:include\[1\]: found "harbor\.\*", which matches no deployment/);
      assert.match(
        error.message,
        /algorun:include: takes "acme\.order-enrichment", which the stack "far" makes as well/,
      );
      return true;
    });
  });

  it("is rendered only where the platform's settings are", async () => {
    await assert.rejects(
      recordOneOf({ near: { environment, platformStack: "base" } }, "near"),
      /algorun:platformStack: found "base", expected a stack whose settings lie here, as Pulumi\.base\.yaml/,
    );
  });
});

/** Whatever is not the seam itself. */
function isShared({ urn }: RegisteredResource): boolean {
  return !urn.includes("RemotePlatform") && !urn.includes("pulumi:providers:kubernetes");
}

function placeOf({ urn }: RegisteredResource): string {
  return place(urn);
}

/** A URN without its stack. */
function place(urn: string): string {
  return urn.split("::").slice(1).join("::");
}

function annotationsOf(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const metadata = objectIn(inputs, "metadata");
  return metadata && objectIn(metadata, "annotations");
}

function withoutStack(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { "algo.run/stack": stack, ...annotations } = annotationsOf(inputs) ?? {};
  if (stack === undefined) return inputs;
  const metadata = Object.entries(objectIn(inputs, "metadata") ?? {}).filter(
    ([name]) => name !== "annotations",
  );
  const others = Object.keys(annotations).length > 0 ? { annotations } : {};
  return { ...inputs, metadata: { ...Object.fromEntries(metadata), ...others } };
}

function objectIn(
  value: Readonly<Record<string, unknown>>,
  key: string,
): Record<string, unknown> | undefined {
  const inner = value[key];
  return typeof inner === "object" && inner !== null ? { ...inner } : undefined;
}
