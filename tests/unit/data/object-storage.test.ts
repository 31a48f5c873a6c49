import assert from "node:assert/strict";
import { z } from "zod";
import { bucketJobName, checkBucketName } from "../../../components/data/object-storage/bucket-name";
import { bucketPolicy } from "../../../components/data/object-storage/bucket-policy";
import {
  ExternalObjectStorage,
  portOf,
} from "../../../components/data/object-storage/external-object-storage";
import { seaweedBucketScript } from "../../../components/data/object-storage/seaweedfs-scripts";
import { ObjectStorage } from "../../../components/data/object-storage/object-storage";
import type { ObjectStorageArgs } from "../../../components/data/object-storage/storage-engine";
import type { BucketAccess, BucketArgs } from "../../../components/platform-services";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { theManifest } from "../../harness/manifests";

const statefulSetShape = z.looseObject({
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ args: z.array(z.string()) })) }),
    }),
  }),
});
const configShape = z.looseObject({ data: z.record(z.string(), z.string()) });
const jobShape = z.looseObject({
  metadata: z.looseObject({ namespace: z.string(), labels: z.record(z.string(), z.string()) }),
});

function bucketOf(name: string): BucketArgs {
  return { name, namespace: "orders", readers: ["reader"], writers: ["writer"] };
}

function storage(
  args: Partial<ObjectStorageArgs> = {},
): Promise<Deployed<{ storage: ObjectStorage; access: BucketAccess }>> {
  return deploy(() => {
    const made = new ObjectStorage("storage", { namespace: "algorun", ...args });
    return { storage: made, access: made.createBucket(bucketOf("owner.orders"), {}) };
  });
}

describe("ObjectStorage", () => {
  for (const engine of ["minio", "seaweedfs"] as const) {
    it(`runs ${engine} hardened, with a Job for each bucket beside it`, async () => {
      const { resources, result } = await storage({ engine });
      assertHardened(resources);
      const name = bucketJobName("storage", "owner.orders");
      const { metadata } = theManifest(resources, "Job", name, jobShape);
      assert.equal(metadata.namespace, "algorun");
      assert.equal(await settle(result.access.bucket), "owner.orders");
      assert.equal(result.access.ready.length, 1);
    });

    it(`keeps every password of ${engine} out of ConfigMaps`, async () => {
      const { resources } = await storage({ engine });
      const configMaps = resources.filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
      assert.ok(configMaps.length > 0);
      for (const { inputs } of configMaps) assert.doesNotMatch(JSON.stringify(inputs), /-result/);
    });
  }

  it("is MinIO by default, one server with one folder", async () => {
    const { resources, result } = await storage();
    const { spec } = theManifest(resources, "StatefulSet", "storage", statefulSetShape);
    assert.deepEqual(spec.template.spec.containers[0]?.args, [
      "server",
      "--address",
      ":9000",
      "/data/objects",
    ]);
    assert.equal(await settle(result.storage.endpoint), "http://storage.algorun.svc:9000");
  });

  it("tells several MinIO servers of each other", async () => {
    const { resources } = await storage({ replicas: 4 });
    const { spec } = theManifest(resources, "StatefulSet", "storage", statefulSetShape);
    assert.equal(
      spec.template.spec.containers[0]?.args.at(-1),
      "http://storage-{0...3}.storage-headless.algorun.svc:9000/data/objects",
    );
  });

  it("refuses numbers of servers that the engine can't be made of", async () => {
    await assert.rejects(storage({ replicas: 2 }), /found 2, expected 1, or 4 to 16/);
    await assert.rejects(storage({ engine: "seaweedfs", replicas: 3 }), /found 3, expected 1/);
  });

  it("makes the bucket's user with a policy for this bucket alone", async () => {
    const { resources } = await storage();
    const name = `${bucketJobName("storage", "owner.orders")}-bucket`;
    const { data } = theManifest(resources, "ConfigMap", name, configShape);
    assert.equal(data["policy.json"], bucketPolicy("owner.orders"));
    assert.doesNotMatch(data["policy.json"] ?? "", /"\*"|s3:\*/);
  });
});

describe("a bucket's Job", () => {
  it("of SeaweedFS throws away the shell's answer, which repeats the secrets of all users", () => {
    const script = seaweedBucketScript({ host: "h", bucket: "owner.orders", user: "/user" });
    const commands = script.replaceAll("\\\n", "").split("\n");
    const configure = commands.filter((command) => command.includes("s3.configure"));
    assert.equal(configure.length, 1);
    assert.match(configure[0] ?? "", /\| weed shell .* > \/dev\/null$/);
  });

  it("has a name that Kubernetes takes, different for different buckets", () => {
    const buckets = ["owner.orders", "owner-orders", `${"a".repeat(60)}b`, `${"a".repeat(60)}c`];
    const names = buckets.map((bucket) => bucketJobName("storage", bucket));
    assert.equal(new Set(names).size, buckets.length);
    for (const name of names) assert.match(name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  it("is refused for names that S3 refuses", () => {
    for (const bucket of ["ab", "Upper", "a..b", "-a-", "a".repeat(64)]) {
      assert.throws(
        () => {
          checkBucketName(bucket);
        },
        /expected 3 to 63/,
        bucket,
      );
    }
    assert.doesNotThrow(() => {
      checkBucketName("owner.orders-1");
    });
  });
});

describe("ExternalObjectStorage", () => {
  const args = {
    endpoint: "https://s3.eu-central-1.amazonaws.com",
    region: "eu-central-1",
    accessKeyId: "key",
    secretAccessKey: "secret",
    addressBlocks: ["0.0.0.0/0"],
  };

  it("makes nothing and hands out the key that it was given", async () => {
    const { result, resources } = await deploy(() => {
      const made = new ExternalObjectStorage("storage", args);
      return { address: made.address, access: made.createBucket(bucketOf("owner.orders")) };
    });
    assert.deepEqual(
      resources.filter(({ custom }) => custom),
      [],
    );
    const { login } = result.access;
    assert.ok(login.kind === "key");
    assert.equal(await settle(login.accessKeyId), "key");
    assert.equal(await settle(login.secretAccessKey), "secret");
    assert.deepEqual(result.address.ports, [443]);
  });

  it("takes the port from the address", () => {
    assert.equal(portOf("http://minio.example:9000"), 9000);
    assert.equal(portOf("http://minio.example"), 80);
    assert.throws(() => portOf("minio.example:9000"), /expected an address such as https:/);
  });
});
