import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bucketPolicy } from "../../components/data/object-storage/bucket-policy";
import {
  minioAdministrator,
  minioArguments,
  minioBucketScript,
  minioEnvironment,
  type MinioPaths,
} from "../../components/data/object-storage/minio-scripts";
import { resolveTools } from "../../local/toolchain/toolchain";
import { eventually, ProcessGroup } from "./process-group";

const run = promisify(execFile);

describe("MinIO, started from what ObjectStorage renders", function () {
  this.timeout(60_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "minio-"));
  const address = "127.0.12.1:9000";
  const endpoint = `http://${address}`;
  const root = join(folder, "root");
  const rootPassword = "rootSecret0001";
  let path = "";

  before(async function () {
    this.timeout(900_000);
    const { mc, minio } = await resolveTools(["mc", "minio"]);
    path = `${dirname(mc.path)}:${process.env["PATH"] ?? ""}`;
    writeFiles(root, { "root-user": "algorun", "root-password": rootPassword });
    writeFiles(folder, { "config.env": minioAdministrator("algorun", rootPassword) });
    const program = group.start({
      command: minio.path,
      args: minioArguments(join(folder, "data"), address),
      env: minioEnvironment(join(folder, "config.env")),
      log: join(folder, "minio.log"),
    });
    await eventually("the server is ready", () => answers(`${endpoint}/minio/health/ready`), { program });
    for (const bucket of ["owner.orders", "owner.private"]) await makeBucket(bucket);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function makeBucket(bucket: string): Promise<void> {
    const home = join(folder, bucket);
    const paths: MinioPaths = { root, user: join(home, "user"), policy: join(home, "policy.json") };
    writeFiles(home, {
      "policy.json": bucketPolicy(bucket),
      "bucket.sh": minioBucketScript({ endpoint, bucket, paths }),
    });
    writeFiles(paths.user, { "access-key-id": bucket, "secret-access-key": secretOf(bucket) });
    // Nothing of the Job's environment but where programs are.
    await run("sh", [join(home, "bucket.sh")], { env: { PATH: path, HOME: home } });
  }

  /** Runs MinIO's client as the user of a bucket. */
  async function asUserOf(bucket: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run("mc", [...args], {
      env: {
        PATH: path,
        HOME: folder,
        MC_CONFIG_DIR: join(folder, "mc"),
        MC_HOST_s: `http://${bucket}:${secretOf(bucket)}@${address}`,
      },
    });
    return stdout;
  }

  it("lets the user of a bucket write, list, read and delete its objects", async () => {
    const file = join(folder, "message");
    writeFileSync(file, "by reference");
    await asUserOf("owner.orders", "cp", file, "s/owner.orders/a/message");
    assert.match(await asUserOf("owner.orders", "ls", "--recursive", "s/owner.orders"), /a\/message/);
    assert.equal(await asUserOf("owner.orders", "cat", "s/owner.orders/a/message"), "by reference");
    await asUserOf("owner.orders", "rm", "s/owner.orders/a/message");
    assert.equal(await asUserOf("owner.orders", "ls", "--recursive", "s/owner.orders"), "");
  });

  it("keeps the user of a bucket out of all others", async () => {
    const file = join(folder, "message");
    await assert.rejects(
      asUserOf("owner.orders", "cp", file, "s/owner.private/stolen"),
      /Access Denied|Insufficient/,
    );
    await assert.rejects(asUserOf("owner.orders", "ls", "s/owner.private"), /Access Denied/);
    await assert.rejects(asUserOf("owner.orders", "mb", "s/another"), /Access Denied/);
    assert.doesNotMatch(await asUserOf("owner.orders", "ls", "s"), /owner\.private/);
  });

  it("lets nobody in who has no key", async () => {
    const response = await fetch(`${endpoint}/owner.orders`);
    assert.equal(response.status, 403);
  });

  it("can make a bucket again, as a Job does that is run once more", async () => {
    const file = join(folder, "kept");
    writeFileSync(file, "kept");
    await asUserOf("owner.private", "cp", file, "s/owner.private/kept");
    await makeBucket("owner.private");
    assert.equal(await asUserOf("owner.private", "cat", "s/owner.private/kept"), "kept");
  });

  it("gives its metrics to Prometheus without a login", async () => {
    const response = await fetch(`${endpoint}/minio/v2/metrics/cluster`);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /minio_cluster_health_status/);
  });

  it("says in no log what the administrator's password is", () => {
    assert.ok(!readFileSync(join(folder, "minio.log"), "utf8").includes(rootPassword));
  });
});

function secretOf(bucket: string): string {
  return `${bucket.replace(".", "")}Secret02`;
}

/** Writes files as the kubelet mounts a Secret, by links. */
function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  const version = join(folder, "..version");
  mkdirSync(version, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(version, name), text);
    rmSync(join(folder, name), { force: true });
    symlinkSync(join(version, name), join(folder, name));
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
