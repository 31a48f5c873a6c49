import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { probeUser, renderRedisConfig, renderRedisUsers } from "../../components/backend/redis/redis-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup, type RunningProgram } from "./process-group";

const execute = promisify(execFile);

describe("Redis with the rendered configuration", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-redis-"));
  const programs = new ProcessGroup();
  const password = "a-generated-password";
  let server = "";
  let port = 0;
  let program: RunningProgram;

  before(async () => {
    const tools = await resolveTools(["redis"]);
    server = tools.redis.path;
    port = await freePort();
    const usersFile = join(folder, "users.acl");
    writeFileSync(usersFile, renderRedisUsers({ clients: [password] }));
    const config = renderRedisConfig({ port, dataFolder: folder, usersFile, maxMemory: 8 });
    // The container listens everywhere; here nobody else may.
    writeFileSync(join(folder, "redis.conf"), config.replace("bind * -::*", "bind 127.0.0.1"));
    program = await start();
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("refuses clients without the password", async () => {
    assert.match(await ask(["SET", "key", "value"]), /NOAUTH/);
    assert.match(await ask(["SET", "key", "value"], "wrong"), /WRONGPASS|NOAUTH/);
  });

  it("lets clients work with data and not with the server", async () => {
    assert.equal(await ask(["INCRBY", "counter", "3"], password), "3");
    assert.match(await ask(["FLUSHALL"], password), /NOPERM/);
    assert.match(await ask(["CONFIG", "SET", "appendonly", "no"], password), /NOPERM/);
    assert.match(await ask(["SHUTDOWN"], password), /NOPERM/);
  });

  it("lets the probes ping and do nothing else", async () => {
    assert.equal(await ask(["PING"], "none", probeUser), "PONG");
    assert.match(await ask(["GET", "counter"], "none", probeUser), /NOPERM/);
  });

  it("keeps the password only as a hash", () => {
    assert.doesNotMatch(renderRedisUsers({ clients: [password] }), new RegExp(password));
  });

  it("refuses writes that don't fit instead of forgetting others", async () => {
    const big = "x".repeat(1024 * 100);
    const answers = [];
    for (let index = 0; index < 120; index++) answers.push(await ask(["SET", `big-${index}`, big], password));
    assert.match(answers.at(-1) ?? "", /OOM/);
    assert.equal(await ask(["GET", "counter"], password), "3");
    for (let index = 0; index < 120; index++) await ask(["DEL", `big-${index}`], password);
  });

  it("has everything again after it was killed", async () => {
    await ask(["SET", "kept", "yes"], password);
    await eventually("the write is in the file", async () => {
      return /aof_pending_bio_fsync:0/.test(await ask(["INFO", "persistence"], password));
    });
    await program.stop("SIGKILL");
    program = await start();
    assert.equal(await ask(["GET", "kept"], password), "yes");
  });

  it("knows two passwords while they change, and only the new one afterwards", async () => {
    const usersFile = join(folder, "users.acl");
    const restart = async (...passwords: readonly string[]): Promise<void> => {
      await program.stop("SIGTERM");
      writeFileSync(usersFile, renderRedisUsers({ clients: passwords }));
      program = await start();
    };
    await restart("second-password", password);
    for (const known of ["second-password", password])
      assert.equal(await ask(["GET", "counter"], known), "3");
    await restart("second-password");
    assert.equal(await ask(["GET", "counter"], "second-password"), "3");
    assert.match(await ask(["GET", "counter"], password), /WRONGPASS|NOAUTH/);
  });

  async function start(): Promise<RunningProgram> {
    const started = programs.start({
      command: server,
      args: [join(folder, "redis.conf")],
      env: {},
      log: join(folder, "log"),
    });
    const ready = async (): Promise<boolean> => (await ask(["PING"], "none", probeUser)) === "PONG";
    await eventually("Redis is ready", ready, { program: started });
    return started;
  }

  async function ask(command: readonly string[], secret?: string, user?: string): Promise<string> {
    const login =
      secret === undefined
        ? []
        : ["--no-auth-warning", "-a", secret, ...(user === undefined ? [] : ["--user", user])];
    const args = ["-p", String(port), ...login, ...command];
    return execute(join(dirname(server), "redis-cli"), args).then(
      ({ stdout, stderr }) => `${stdout}${stderr}`.trim(),
      (error: unknown) => String(error),
    );
  }
});
