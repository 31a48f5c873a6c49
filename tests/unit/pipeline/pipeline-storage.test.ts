import assert from "node:assert/strict";
import { podTemplates } from "../../harness/pod-templates";
import { ofType, resourcesOf, theOne } from "./pipeline-under-test";
import { componentOf, run, type PipelineUnderTest } from "./plans-under-test";

/** Bytes go from the endpoint to `reader` through the bucket; `stranger` only sees what `reader` writes. */
const byReference: PipelineUnderTest = {
  path: "messageDataType: FileReference",
  algos: [{ name: "reader" }, { name: "stranger", reads: ["reader"], run: run.program }],
};

const storageVariables = /^(AWS_|STORAGE_)/;

describe("the bucket of a pipeline", () => {
  it("is there only where messages carry their bytes by reference", async () => {
    const without = await resourcesOf({ algos: [{ name: "reader" }] });
    assert.equal(ofType(without, "pipeline:Storage").length, 0);
    assert.equal(without.filter(({ name }) => name.startsWith("bucket-")).length, 0);
    const withBucket = await resourcesOf(byReference);
    assert.equal(theOne(withBucket, "core/v1:ConfigMap", "bucket-acme.texts").custom, true);
  });

  it("is known to those components that read or write it, and to no other", async () => {
    const resources = await resourcesOf(byReference);
    const known = podTemplates(resources).map(({ name, template }) => {
      const { initContainers = [], containers } = template.spec;
      const variables = [...initContainers, ...containers].flatMap(({ env }) =>
        env.map((variable) => variable.name),
      );
      return [name, variables.filter((variable) => storageVariables.test(variable)).sort()] as const;
    });
    const all = [
      "AWS_ACCESS_KEY_ID",
      "AWS_ENDPOINT_URL_S3",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "STORAGE_BUCKET",
    ];
    assert.deepEqual(Object.fromEntries(known), {
      endpoint: all,
      [componentOf("reader")]: all,
      [componentOf("stranger")]: [],
      hook: [],
    });
  });

  it("is reached with a key that only the Secret holds", async () => {
    const resources = await resourcesOf(byReference);
    const secret = theOne(resources, "core/v1:Secret", "acme-texts");
    assert.deepEqual(secret.secrets, ["stringData"]);
    assert.deepEqual(secret.inputs["stringData"], {
      "access-key-id": "key-of-the-bucket",
      "secret-access-key": "secret-of-the-bucket",
    });
  });

  it("stays when the pipeline goes, but not in dev", async () => {
    for (const retainData of [true, false]) {
      const resources = await resourcesOf(byReference, { retainData });
      const bucket = theOne(resources, "core/v1:ConfigMap", "bucket-acme.texts");
      assert.equal(bucket.retainOnDelete, retainData);
    }
  });
});
