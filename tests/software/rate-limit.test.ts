import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderRedisConfig, renderRedisUsers } from "../../components/backend/redis/redis-config";
import {
  rateLimitDomain,
  rateLimitLabels,
  renderRateLimitConfig,
  type DeploymentLimits,
} from "../../components/ingress/rate-limit-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort, isListening } from "./free-port";
import { eventually, ProcessGroup } from "./process-group";
import { isHealthy, startRateLimit, type RateLimitService } from "./rate-limit-service";

describe("the rate-limit service with the rendered configuration", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-ratelimit-"));
  const programs = new ProcessGroup();
  const password = "a-generated-password";
  const deployments: DeploymentLimits = {
    "shop.api": [
      { by: { kind: "header", name: "x-api-key" }, requests: 2, unit: "hour" },
      { by: { kind: "header", name: "x-tenant" }, requests: 5, unit: "hour" },
    ],
    "shop.search": [{ by: { kind: "remoteAddress" }, requests: 1, unit: "hour" }],
  };
  let service: RateLimitService;

  before(async () => {
    const tools = await resolveTools(["ratelimit", "redis"]);
    const redisPort = await freePort();
    startRedis(tools.redis.path, redisPort);
    await eventually("Redis is there", () => isListening(redisPort));
    service = await startRateLimit(programs, {
      command: tools.ratelimit.path,
      folder,
      config: renderRateLimitConfig({ requests: 3, unit: "hour" }, deployments),
      store: { REDIS_URL: `127.0.0.1:${redisPort}`, REDIS_AUTH: password },
    });
    const { program } = service;
    await eventually("the rate-limit service is healthy", () => isHealthy(service), { program });
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("counts each client address of each deployment on its own, and stops the one that asks too often", async () => {
    const answers = [];
    for (let request = 0; request < 5; request++) answers.push(await decide("shop.orders", "192.0.2.7"));
    assert.deepEqual(answers, ["OK", "OK", "OK", "OVER_LIMIT", "OVER_LIMIT"]);
    assert.equal(await decide("shop.orders", "192.0.2.8"), "OK");
    assert.equal(await decide("shop.refunds", "192.0.2.7"), "OK");
  });

  it("replaces the platform's limit by a deployment's own by address", async () => {
    const answers = [];
    for (let request = 0; request < 2; request++) answers.push(await decide("shop.search", "192.0.2.7"));
    assert.deepEqual(answers, ["OK", "OVER_LIMIT"]);
    assert.equal(await decide("shop.search", "192.0.2.8"), "OK");
  });

  it("counts each value of a header on its own, and requests without it not at all", async () => {
    const keyed = async (key: string, address: string): Promise<string> =>
      decide("shop.api", address, { "x-api-key": key });
    const answers = [];
    for (const address of ["1", "2", "3"]) answers.push(await keyed("first", `198.51.100.${address}`));
    assert.deepEqual(answers, ["OK", "OK", "OVER_LIMIT"]);
    assert.equal(await keyed("second", "198.51.100.1"), "OK");
    assert.equal(await decide("shop.api", "198.51.100.4"), "OK");
  });

  it("keeps the platform's limit by address beside those by header", async () => {
    const answers = [];
    for (const tenant of ["a", "b", "c", "d"]) {
      answers.push(await decide("shop.api", "203.0.113.9", { "x-tenant": tenant }));
    }
    assert.deepEqual(answers, ["OK", "OK", "OK", "OVER_LIMIT"]);
  });

  it("does not count the header of a deployment that has no limit by it", async () => {
    const answers = [];
    for (const address of ["1", "2", "3"]) {
      answers.push(await decide("shop.quiet", `203.0.113.${address}`, { "x-api-key": "first" }));
    }
    assert.deepEqual(answers, ["OK", "OK", "OK"]);
  });

  /** Asks as Envoy does for a request whose route carries our labels: a group with a header that is absent is left out. */
  async function decide(
    deployment: string,
    clientAddress: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const groups = rateLimitLabels(deployment, deployments[deployment])[rateLimitDomain] ?? [];
    const descriptors = groups
      .flatMap((group) => Object.values(group))
      .flatMap((labels) => {
        const entries = labels.flatMap((label) => {
          if ("generic_key" in label) return [{ key: "generic_key", value: label.generic_key.value }];
          if ("remote_address" in label) return [{ key: "remote_address", value: clientAddress }];
          const value = headers[label.request_headers.header_name];
          return value === undefined ? [] : [{ key: label.request_headers.key, value }];
        });
        return entries.length < labels.length ? [] : [{ entries }];
      });
    const body = JSON.stringify({ domain: rateLimitDomain, descriptors });
    const answer: unknown = await (await fetch(`${service.url}/json`, { method: "POST", body })).json();
    assert.ok(
      typeof answer === "object" && answer !== null && "overallCode" in answer,
      JSON.stringify(answer),
    );
    return String(answer.overallCode);
  }

  function startRedis(command: string, port: number): void {
    const usersFile = join(folder, "users.acl");
    writeFileSync(usersFile, renderRedisUsers({ clients: [password] }));
    const config = renderRedisConfig({ port, dataFolder: folder, usersFile, maxMemory: 16 });
    writeFileSync(join(folder, "redis.conf"), config.replace("bind * -::*", "bind 127.0.0.1"));
    programs.start({ command, args: [join(folder, "redis.conf")], env: {}, log: join(folder, "redis.log") });
  }
});
