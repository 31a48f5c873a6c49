import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createLogger } from "@algorun/common";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { Tokens } from "../authentication/tokens";
import { GatewayProblem } from "../intake/gateway-problem";

describe("Callers with tokens", () => {
  process.env["LOG_LEVEL"] = "silent";
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  const issuer = "https://id.acme.example";
  let server: Server;
  let jwksUri: string;
  let key: CryptoKey;
  let other: CryptoKey;

  before(async () => {
    const pair = await generateKeyPair("ES256");
    key = pair.privateKey;
    other = (await generateKeyPair("ES256")).privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "ES256" };
    server = createServer((request, response) => {
      response.statusCode = request.url === "/keys" ? 200 : 500;
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    jwksUri = `http://127.0.0.1:${address.port}/keys`;
  });

  after(() => {
    server.close();
  });

  async function token(
    claims: { issuer?: string; audience?: string; expires?: string },
    signer = key,
  ): Promise<string> {
    const jwt = new SignJWT({})
      .setProtectedHeader({ alg: "ES256", kid: "one" })
      .setIssuer(claims.issuer ?? issuer);
    jwt.setAudience(claims.audience ?? "shout");
    if (claims.expires !== "never") jwt.setExpirationTime(claims.expires ?? "5 minutes from now");
    return `Bearer ${await jwt.sign(signer)}`;
  }

  async function kindOf(value: string | undefined, uri = jwksUri): Promise<string> {
    const tokens = new Tokens(
      { header: "authorization", issuer, jwksUri: uri, audiences: ["shout", "loud"] },
      logger,
    );
    return await tokens.check(value).then(
      () => "let in",
      (error: unknown) => {
        assert.ok(error instanceof GatewayProblem);
        return error.kind;
      },
    );
  }

  it("are let in when the issuer signed them for one of the audiences", async () => {
    assert.equal(await kindOf(await token({})), "let in");
    assert.equal(await kindOf(await token({ audience: "loud" })), "let in");
  });

  it("are not let in with a token of others, for others, that is over, or that never ends", async () => {
    assert.equal(await kindOf(undefined), "unauthenticated");
    assert.equal(await kindOf("Bearer x.y.z"), "unauthenticated");
    assert.equal(await kindOf(await token({}, other)), "unauthenticated");
    assert.equal(await kindOf(await token({ issuer: "https://evil.example" })), "unauthenticated");
    assert.equal(await kindOf(await token({ audience: "others" })), "unauthenticated");
    assert.equal(await kindOf(await token({ expires: "5 minutes ago" })), "unauthenticated");
    assert.equal(await kindOf(await token({ expires: "never" })), "unauthenticated");
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(`{"iss":"${issuer}","aud":"shout","exp":9999999999}`).toString("base64url")}.`;
    assert.equal(await kindOf(`Bearer ${none}`), "unauthenticated");
  });

  it("are asked to come again when the issuer can't be asked", async () => {
    assert.equal(await kindOf(await token({}), `${jwksUri}-gone`), "unavailable");
    assert.equal(await kindOf(await token({}), "http://127.0.0.1:9/keys"), "unavailable");
  });
});
