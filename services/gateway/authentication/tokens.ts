import type { Logger } from "@algorun/common";
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { GatewayProblem } from "../intake/gateway-problem";
import type { Authentication } from "./authentication";

/** Signatures whose keys an issuer can publish; never `none`, and never a shared secret. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** A key that is not known is asked for so often at most: whoever makes tokens up can cause no more. */
const cooldownMs = 5_000;
/** Clocks differ. */
const toleranceSeconds = 30;

/** Callers who have a token of an issuer. */
export class Tokens implements Authentication {
  readonly header: string;
  readonly challenge = "Bearer";
  private readonly keys: JWTVerifyGetKey;

  constructor(
    private readonly settings: {
      readonly header: string;
      readonly issuer: string;
      readonly jwksUri: string;
      readonly audiences: readonly string[];
    },
    private readonly logger: Logger,
  ) {
    this.header = settings.header;
    this.keys = createRemoteJWKSet(new URL(settings.jwksUri), {
      timeoutDuration: 5_000,
      cooldownDuration: cooldownMs,
    });
  }

  async check(value: string | undefined): Promise<void> {
    const token = /^Bearer +(?<token>[\w.~+/-]+=*)$/i.exec(value ?? "")?.groups?.["token"];
    if (token === undefined)
      throw new GatewayProblem("unauthenticated", "expected authorization: Bearer and a token");
    const { issuer, audiences } = this.settings;
    try {
      await jwtVerify(token, this.keys, {
        issuer,
        audience: [...audiences],
        algorithms,
        clockTolerance: toleranceSeconds,
        requiredClaims: ["exp"],
      });
    } catch (error) {
      if (isCallersFault(error))
        throw new GatewayProblem("unauthenticated", `the token is not valid: ${error.message}`);
      this.logger.error({ err: error }, "the issuer's keys can't be read");
      throw new GatewayProblem("unavailable", "tokens can't be checked at present", {
        retryAfterSeconds: 5,
        cause: error,
      });
    }
  }

  close(): void {
    // Nothing is kept open.
  }
}

/** The issuer's answers are of the same kind of error as the token's faults. */
function isCallersFault(error: unknown): error is Error {
  if (!(error instanceof errors.JOSEError)) return false;
  const ofIssuer = [errors.JWKSTimeout, errors.JWKSInvalid];
  return error.code !== "ERR_JOSE_GENERIC" && !ofIssuer.some((kind) => error instanceof kind);
}
