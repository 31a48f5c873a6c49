import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedisServerName } from "../../components/backend/redis/redis";
import { replicaUser } from "../../components/backend/redis/redis-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { CertificateFiles } from "./kafka-nodes";
import { eventually, ProcessGroup } from "./process-group";
import { redisHosts, redisPasswords, RedisServers } from "./redis-servers";
import { selfSigned } from "./self-signed";

describe("two servers of Redis with TLS, started from what Redis renders", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-redis-replica-"));
  const group = new ProcessGroup();
  let certificates: CertificateFiles;
  let servers: RedisServers;

  before(async () => {
    const tools = await resolveTools(["redis"]);
    certificates = await selfSigned(redisHosts);
    servers = new RedisServers(group, folder, tools.redis.path);
    assert.equal(await servers.write("first", certificates), "first");
    await servers.start("first");
    await servers.start("second");
    await copies("second");
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("answer nobody in clear", async () => {
    for (const server of ["first", "second"] as const)
      assert.match(await servers.ask(server, ["PING"], { tls: false }), /Error|closed|reset/i);
  });

  it("refuse clients without the password", async () => {
    for (const server of ["first", "second"] as const) {
      assert.match(await servers.ask(server, ["GET", "key"], { password: "" }), /NOAUTH/);
      assert.match(await servers.ask(server, ["GET", "key"], { password: "wrong" }), /WRONGPASS|NOAUTH/);
    }
  });

  it("keep the same data, of which the replica lets nobody change anything", async () => {
    assert.equal(await servers.ask("first", ["INCRBY", "counter", "3"]), "3");
    await has("second", "counter", "3");
    assert.match(await servers.ask("second", ["INCR", "counter"]), /READONLY/);
  });

  it("let the user of the replica copy, and do nothing else", async () => {
    const login = { user: replicaUser, password: redisPasswords.replica };
    assert.equal(await servers.ask("first", ["PING"], login), "PONG");
    for (const command of [
      ["GET", "counter"],
      ["SET", "counter", "0"],
      ["REPLICAOF", "NO", "ONE"],
      ["CONFIG", "GET", "*"],
    ])
      assert.match(await servers.ask("first", command, login), /NOPERM/, command.join(" "));
  });

  it("say no password in any log", () => {
    for (const server of ["first", "second"]) {
      const log = readFileSync(join(folder, `${server}.log`), "utf8");
      for (const password of Object.values(redisPasswords)) assert.ok(!log.includes(password));
    }
  });

  it("lose no write of a primary that is killed: it reads its file, and the replica follows again", async () => {
    assert.equal(await servers.ask("first", ["SET", "killed", "kept"]), "OK");
    await servers.kill("first");
    assert.equal(await servers.ask("second", ["GET", "counter"]), "3", "the replica goes on answering");
    await servers.start("first");
    assert.equal(await servers.ask("first", ["GET", "killed"]), "kept");
    await copies("second");
    await has("second", "killed", "kept");
  });

  it("change parts when the primary is lost: the second takes writes, and the first follows once it is back", async () => {
    assert.equal(await servers.ask("first", ["SET", "before", "promotion"]), "OK");
    await has("second", "before", "promotion");
    await servers.kill("first");
    assert.equal(await servers.write("second", certificates), "second", "the Service leads to the second");
    await servers.stop("second");
    await servers.start("second");
    assert.equal(await servers.ask("second", ["GET", "before"]), "promotion");
    assert.equal(await servers.ask("second", ["INCR", "counter"]), "4");

    await servers.start("first");
    await copies("first");
    await has("first", "counter", "4");
    assert.match(await servers.ask("first", ["INCR", "counter"]), /READONLY/);
  });

  it("change parts on purpose, back again, and nothing is lost", async () => {
    assert.equal(await servers.ask("second", ["SET", "planned", "kept"]), "OK");
    await has("first", "planned", "kept");
    assert.equal(await servers.write("first", certificates), "first");
    // The new primary first, as the engine does it.
    await servers.stop("first");
    await servers.start("first");
    await servers.stop("second");
    await servers.start("second");
    await copies("second");
    assert.equal(await servers.ask("first", ["INCR", "counter"]), "5");
    await has("second", "counter", "5");
    await has("second", "planned", "kept");
  });

  async function copies(server: RedisServerName): Promise<void> {
    await eventually(`${server} copies the other`, async () =>
      (await servers.ask(server, ["INFO", "replication"])).includes("master_link_status:up"),
    );
  }

  async function has(server: RedisServerName, key: string, value: string): Promise<void> {
    await eventually(`${server} has ${key}`, async () => (await servers.ask(server, ["GET", key])) === value);
  }
});
