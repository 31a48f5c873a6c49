import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { renderRedisConfig, renderRedisUsers } from "../../components/backend/redis/redis-config";
import { storeEnvironment } from "../../components/ingress/rate-limit";
import { rateLimitDomain, renderRateLimitConfig } from "../../components/ingress/rate-limit-config";
import { createAuthority, issue } from "../../local/certificates/authority";
import { resolveTools } from "../../local/toolchain/toolchain";
import { settle } from "../harness/deploy";
import { freePort, isListening } from "./free-port";
import { eventually, ProcessGroup, type RunningProgram } from "./process-group";
import { isHealthy, startRateLimit, type RateLimitService } from "./rate-limit-service";

describe("the rate-limit service with a Redis that speaks TLS alone", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-ratelimit-tls-"));
  const programs = new ProcessGroup();
  const password = "a-generated-password";
  let command = "";
  let port = 0;

  before(async () => {
    const tools = await resolveTools(["ratelimit", "redis"]);
    command = tools.ratelimit.path;
    port = await freePort();
    const authority = await createAuthority();
    const server = await issue(authority, { commonName: "redis", server: true, client: false });
    const stranger = await createAuthority();
    for (const [name, text] of Object.entries({
      "ca/ca.crt": authority.pem,
      "stranger/ca.crt": stranger.pem,
      "certificates/ca.crt": authority.pem,
      "certificates/tls.crt": server.certificate,
      "certificates/tls.key": server.key,
      "users.acl": `${renderRedisUsers({ clients: [password] })}user limits on >${password} ~* +@all\n`,
    })) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const program = startRedis(tools.redis.path);
    await eventually("Redis is there", () => isListening(port), { program });
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  for (const login of [password, `limits:${password}`]) {
    it(`counts in it, logged in ${login === password ? "without a name" : "as a user"}`, async () => {
      const service = await start("ca", login);
      const { program } = service;
      await eventually("the rate-limit service is healthy", () => isHealthy(service), { program });
      const answers = [await decide(service, login), await decide(service, login)];
      assert.deepEqual(answers, ["OK", "OVER_LIMIT"]);
    });
  }

  it("has nothing to do with a Redis whose authority it does not know", async () => {
    const { program } = await start("stranger", password);
    await eventually("the rate-limit service gives up", () =>
      readFileSync(program.log, "utf8").includes("certificate signed by unknown authority"),
    );
    await program.stop();
  });

  async function start(authority: string, login: string): Promise<RateLimitService> {
    const own = join(folder, authority, login.replace(":", "-"));
    mkdirSync(own, { recursive: true });
    const store = {
      endpoint: pulumi.output(`127.0.0.1:${port}`),
      tls: true,
      authority: { secretName: "mounted-as-the-file-that-the-variable-names" },
    };
    const variables = storeEnvironment(store, join(folder, authority));
    const entries = Object.entries(variables).map(async ([name, value]): Promise<[string, string]> => [
      name,
      await settle(value),
    ]);
    return startRateLimit(programs, {
      command,
      folder: own,
      config: renderRateLimitConfig({ requests: 1, unit: "hour" }),
      store: { ...Object.fromEntries(await Promise.all(entries)), REDIS_AUTH: login },
    });
  }

  /** Asks for one client of one deployment. */
  async function decide({ url }: RateLimitService, client: string): Promise<string> {
    const entries = [
      { key: "generic_key", value: "shop.orders" },
      { key: "remote_address", value: client },
    ];
    const body = JSON.stringify({ domain: rateLimitDomain, descriptors: [{ entries }] });
    const answer: unknown = await (await fetch(`${url}/json`, { method: "POST", body })).json();
    assert.ok(typeof answer === "object" && answer !== null && "overallCode" in answer);
    return String(answer.overallCode);
  }

  function startRedis(server: string): RunningProgram {
    const config = renderRedisConfig({
      port,
      dataFolder: folder,
      usersFile: join(folder, "users.acl"),
      maxMemory: 16,
      certificatesFolder: join(folder, "certificates"),
    });
    writeFileSync(join(folder, "redis.conf"), config.replace("bind * -::*", "bind 127.0.0.1"));
    return programs.start({
      command: server,
      args: [join(folder, "redis.conf")],
      env: {},
      log: join(folder, "redis.log"),
    });
  }
});
