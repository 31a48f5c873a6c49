import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minioRootPassword, startMinio, type MinioServer } from "./minio-server";
import { ProcessGroup } from "./process-group";

describe("MinIO, started from what ObjectStorage renders", function () {
  this.timeout(60_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "minio-"));
  let server: MinioServer;

  before(async function () {
    this.timeout(900_000);
    server = await startMinio(group, folder, "127.0.12.1:9000");
    for (const bucket of ["owner.orders", "owner.private"]) await server.makeBucket(bucket);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it("lets the user of a bucket write, list, read and delete its objects", async () => {
    const file = join(folder, "message");
    writeFileSync(file, "by reference");
    await server.asUserOf("owner.orders", "cp", file, "s/owner.orders/a/message");
    assert.match(await server.asUserOf("owner.orders", "ls", "--recursive", "s/owner.orders"), /a\/message/);
    assert.equal(await server.asUserOf("owner.orders", "cat", "s/owner.orders/a/message"), "by reference");
    await server.asUserOf("owner.orders", "rm", "s/owner.orders/a/message");
    assert.equal(await server.asUserOf("owner.orders", "ls", "--recursive", "s/owner.orders"), "");
  });

  it("keeps the user of a bucket out of all others", async () => {
    const file = join(folder, "message");
    await assert.rejects(
      server.asUserOf("owner.orders", "cp", file, "s/owner.private/stolen"),
      /Access Denied|Insufficient/,
    );
    await assert.rejects(server.asUserOf("owner.orders", "ls", "s/owner.private"), /Access Denied/);
    await assert.rejects(server.asUserOf("owner.orders", "mb", "s/another"), /Access Denied/);
    assert.doesNotMatch(await server.asUserOf("owner.orders", "ls", "s"), /owner\.private/);
  });

  it("lets nobody in who has no key", async () => {
    const response = await fetch(`${server.endpoint}/owner.orders`);
    assert.equal(response.status, 403);
  });

  it("can make a bucket again, as a Job does that is run once more", async () => {
    const file = join(folder, "kept");
    writeFileSync(file, "kept");
    await server.asUserOf("owner.private", "cp", file, "s/owner.private/kept");
    await server.makeBucket("owner.private");
    assert.equal(await server.asUserOf("owner.private", "cat", "s/owner.private/kept"), "kept");
  });

  it("gives its metrics to Prometheus without a login", async () => {
    const response = await fetch(`${server.endpoint}/minio/v2/metrics/cluster`);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /minio_cluster_health_status/);
  });

  it("knows two keys of a bucket while they change, and only the new one afterwards", async () => {
    const list = (accessKey: string): Promise<string> => server.asUser(accessKey, "ls", "s/owner.private");
    await server.makeBucket("owner.private", { accessKey: "owner.private_2" });
    for (const accessKey of ["owner.private", "owner.private_2"]) assert.match(await list(accessKey), /kept/);
    const retired = ["owner.private", "owner.private_3"];
    for (let time = 0; time < 2; time++)
      await server.makeBucket("owner.private", { accessKey: "owner.private_2", retired });
    assert.match(await list("owner.private_2"), /kept/);
    await assert.rejects(list("owner.private"), /does not exist|InvalidAccessKeyId|Access/);
  });

  it("says in no log what the administrator's password is", () => {
    assert.ok(!readFileSync(join(folder, "minio.log"), "utf8").includes(minioRootPassword));
  });
});
