import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readGolden } from "../golden/read-golden";
import { MinioCluster } from "./minio-cluster";
import { eventually, ProcessGroup } from "./process-group";

const bucket = "owner.orders";

describe("four servers of MinIO, started as their pods are in staging", function () {
  this.timeout(180_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "algorun-minio-cluster-"));
  const file = join(folder, "message");
  let cluster: MinioCluster;

  before(async function () {
    this.timeout(900_000);
    cluster = await MinioCluster.create(group, folder, bucket);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function put(key: string, content: string): Promise<void> {
    writeFileSync(file, content);
    await cluster.asUserOf(bucket, "cp", file, `s/${bucket}/${key}`);
  }

  async function get(key: string): Promise<string> {
    return cluster.asUserOf(bucket, "cat", `s/${bucket}/${key}`);
  }

  it("are given what the stack staging gives them", () => {
    const [, rendered = ""] =
      Object.entries(readGolden(join(__dirname, "../golden/staging"))).find(([path]) =>
        path.endsWith("namespace-algorun.yaml"),
      ) ?? [];
    for (const argument of cluster.arguments) assert.ok(rendered.includes(argument), argument);
  });

  it("wait for each other, and live meanwhile", async () => {
    cluster.start(0);
    await cluster.answers(0, "/minio/health/live", 200);
    assert.notEqual(await cluster.statusOf(0, "/minio/health/cluster"), 200);
    for (const index of [1, 2, 3]) cluster.start(index);
    for (const index of [0, 1, 2, 3]) {
      await cluster.answers(index, "/minio/health/ready", 200);
      await cluster.answers(index, "/minio/health/cluster", 200);
    }
  });

  it("make a bucket and its user by the Job, and keep a part of each object on every server", async () => {
    await cluster.runBucketJob(bucket);
    await put("whole", "by reference");
    assert.equal(await get("whole"), "by reference");
    for (const index of [0, 1, 2, 3]) assert.ok(existsSync(cluster.partOf(index, bucket, "whole")));
    await assert.rejects(cluster.asUserOf(bucket, "mb", "s/another"), /Access Denied/);
  });

  it("go on reading and writing without one of them", async () => {
    await cluster.kill(3);
    assert.equal(await get("whole"), "by reference");
    await put("without-one", "three servers");
    assert.equal(await get("without-one"), "three servers");
    for (const index of [0, 1, 2]) assert.equal(await cluster.statusOf(index, "/minio/health/ready"), 200);
  });

  it("go on reading without two of them, and refuse writes rather than lose them", async () => {
    await cluster.kill(2);
    await cluster.answers(0, "/minio/health/cluster", 503);
    assert.equal(await get("without-one"), "three servers");
    await assert.rejects(
      put("without-two", "lost?"),
      /503|quorum|Resource requested is unreadable|[Rr]educe your request rate/,
    );
    await assert.rejects(get("without-two"), /not exist|NoSuchKey/i);
    for (const index of [0, 1]) assert.equal(await cluster.statusOf(index, "/minio/health/ready"), 200);
  });

  it("heal what was written meanwhile once all are back", async () => {
    for (const index of [2, 3]) cluster.start(index);
    for (const index of [0, 1, 2, 3]) await cluster.answers(index, "/minio/health/cluster", 200);
    await put("after", "four servers");
    await eventually("the server that was away has its part", async () => {
      await get("without-one");
      return existsSync(cluster.partOf(3, bucket, "without-one"));
    });
    // Without the two that took the write, its parts on the others must do.
    for (const index of [0, 1]) await cluster.kill(index);
    cluster.leadTo(2);
    await cluster.answers(2, "/minio/health/cluster", 503);
    // Two that came back at the same time know each other again within seconds.
    const read = async (): Promise<boolean> => (await get("without-one").catch(String)) === "three servers";
    await eventually("the two that were away have it all between them", read);
    assert.equal(await get("whole"), "by reference");
    for (const index of [0, 1]) cluster.start(index);
    for (const index of [0, 1, 2, 3]) await cluster.answers(index, "/minio/health/cluster", 200);
  });

  it("fill a server that has lost its volume", async () => {
    await cluster.kill(0);
    for (const entry of readdirSync(cluster.volumeOf(0)))
      rmSync(join(cluster.volumeOf(0), entry), { recursive: true });
    cluster.start(0);
    await cluster.answers(0, "/minio/health/cluster", 200);
    await eventually("the new volume has its parts", () => existsSync(cluster.partOf(0, bucket, "whole")), {
      seconds: 120,
    });
  });
});
