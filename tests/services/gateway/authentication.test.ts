import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { credentialFiles } from "../../../components/pipeline/endpoint-credentials";
import type { EndpointPlan, JsonObject } from "../../../pipelines/model/plan/plan";
import { settle } from "../../harness/deploy";
import { eventually, ProcessGroup } from "../../software/process-group";
import { curl } from "./curl";
import { endpointUnderTest } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";

const network = "127.0.35";

describe("Who may call a gateway, while keys change", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-authentication-"));

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a gateway whose log takes what comes: nobody listens where Kafka should be. */
  async function start(name: string, plan: Pick<EndpointPlan, "config" | "ports">): Promise<GatewayProcess> {
    return await GatewayProcess.start(group, {
      folder: join(folder, name),
      plan,
      address: `${network}.${name === "keys" ? 2 : 3}`,
      env: { KAFKA_BROKERS: `${network}.9:9092`, AWS_REGION: "us-east-1" },
    });
  }

  async function answer(gateway: GatewayProcess, header: string): Promise<number> {
    const url = `${gateway.http}/acme/orders/texts`;
    return (await curl("-H", header, "-H", "content-type: text/plain", "-d", "x", url)).status;
  }

  async function becomes(want: number, gateway: GatewayProcess, header: string): Promise<void> {
    await eventually(`${want}`, async () => (await answer(gateway, header)) === want);
  }

  it("is who has a key of the generation in use or of the one before, as the Secret has them", async () => {
    const plan = endpointUnderTest("authentication: { apiKeys: { callers: [kiosk, web-shop] } }");
    const keys = join(folder, "keys/etc/algorun/api-keys");
    mkdirSync(keys, { recursive: true });
    const mount = async (...generations: readonly number[]): Promise<void> => {
      const callers = Object.fromEntries(
        ["kiosk", "web-shop"].map((caller) => {
          const working = generations.map((generation) => ({
            generation,
            value: pulumi.output(`${caller}-key-${generation}`),
          }));
          return [caller, { inUse: pulumi.output(""), working }];
        }),
      );
      const volume = credentialFiles(plan, callers, undefined).volumes["api-keys"];
      assert.ok(volume !== undefined && "secretFiles" in volume);
      rmSync(keys, { recursive: true });
      mkdirSync(keys);
      for (const [name, digest] of Object.entries(volume.secretFiles))
        writeFileSync(join(keys, name), await settle(digest));
    };
    const key = (caller: string, generation: number): string => `x-api-key: ${caller}-key-${generation}`;
    await mount(1);
    const gateway = await start("keys", plan);
    assert.equal(await answer(gateway, key("kiosk", 1)), 202);
    assert.equal(await answer(gateway, key("kiosk", 2)), 401);
    await mount(2, 1);
    for (const caller of ["kiosk", "web-shop"]) {
      await becomes(202, gateway, key(caller, 2));
      assert.equal(await answer(gateway, key(caller, 1)), 202, "the generation before");
    }
    await mount(2);
    await becomes(401, gateway, key("kiosk", 1));
    assert.equal(await answer(gateway, key("web-shop", 1)), 401);
    assert.equal(await answer(gateway, key("web-shop", 2)), 202);
  });

  describe("with tokens", () => {
    const issuer = "https://id.acme.example";
    const algorithms = ["ES256", "RS256", "EdDSA"] as const;
    const privateKeys: CryptoKey[] = [];
    const publicKeys: JWK[] = [];
    /** Which keys are published. */
    let published: readonly number[] = [0, 1];
    let isAway = false;
    let server: Server;
    let gateway: GatewayProcess;

    before(async () => {
      for (const [index, algorithm] of algorithms.entries()) {
        const { privateKey, publicKey } = await generateKeyPair(algorithm);
        privateKeys.push(privateKey);
        publicKeys.push({ ...(await exportJWK(publicKey)), kid: `key-${index}`, alg: algorithm, use: "sig" });
      }
      server = createServer((_request, response) => {
        response.statusCode = isAway ? 503 : 200;
        response.setHeader("content-type", "application/jwk-set+json");
        response.end(JSON.stringify({ keys: published.map((index) => publicKeys[index]) }));
      });
      await new Promise<void>((resolve) => server.listen(8080, `${network}.1`, resolve));
      const stated = "https://id.acme.example/keys";
      const plan = endpointUnderTest(
        `authentication: { jwt: { issuer: "${issuer}", jwksUri: "${stated}", audiences: [orders] } }`,
      );
      const config = JSON.stringify(plan.config).replace(stated, `http://${network}.1:8080/keys`);
      gateway = await start("tokens", { ...plan, config: JSON.parse(config) as JsonObject });
    });

    after(() => {
      server.close();
    });

    async function token(index: number, audience = "orders"): Promise<string> {
      const key = privateKeys[index];
      assert.ok(key);
      const jwt = await new SignJWT({})
        .setProtectedHeader({ alg: algorithms[index] ?? "", kid: `key-${index}` })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime("5 minutes from now")
        .sign(key);
      return `authorization: Bearer ${jwt}`;
    }

    it("is who has one by any of the issuer's keys, whatever their algorithm", async () => {
      assert.equal(await answer(gateway, await token(0)), 202);
      assert.equal(await answer(gateway, await token(1)), 202);
      assert.equal(await answer(gateway, await token(1, "others")), 401);
      assert.equal(await answer(gateway, await token(2)), 401);
    });

    it("is who has one by a key that the issuer began to use since, and no more by one that it gave up", async () => {
      published = [1, 2];
      await becomes(202, gateway, await token(2));
      assert.equal(await answer(gateway, await token(1)), 202);
      assert.equal(await answer(gateway, await token(0)), 401);
    });

    it("is who has one by a known key while the issuer is away", async () => {
      isAway = true;
      assert.equal(await answer(gateway, await token(2)), 202);
      isAway = false;
    });
  });
});
