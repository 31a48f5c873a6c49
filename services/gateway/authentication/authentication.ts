import type { Logger } from "@algorun/common";
import type { AuthenticationSettings } from "../configuration/gateway-config";
import { ApiKeys } from "./api-keys";
import { Tokens } from "./tokens";

/** Knows who may call. */
export interface Authentication {
  /** Name of the header, or of the gRPC metadata, with the caller's proof. */
  readonly header: string;
  /** What a 401 says of the way to authenticate (RFC 9110, 11.6.1). */
  readonly challenge: string;
  /**
   * @param proof - the header's value
   * @throws GatewayProblem when the caller may not call
   */
  check(proof: string | undefined): Promise<void>;
  close(): void;
}

/** Undefined: everybody may call. */
export function authenticationOf(
  settings: AuthenticationSettings | undefined,
  logger: Logger,
): Authentication | undefined {
  if (settings === undefined) return undefined;
  return "apiKeys" in settings ? new ApiKeys(settings.apiKeys, logger) : new Tokens(settings.jwt, logger);
}
