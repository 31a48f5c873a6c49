import { reportDuplicates } from "../document/check-algo";
import { addressKind, hostAndPort, unreachableByName } from "../workloads/outside-address";
import type { AuthenticationPlan, EgressPlan, EndpointPathPlan, JsonObject } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import { apiKeyHeader } from "../routes/rate-limit-planner";
import type { EndpointSpec } from "../schema/endpoint-schema";
import { distinct } from "../values/text";

type AuthenticationSpec = NonNullable<EndpointSpec["authentication"]>;

/** Where the gateway finds the digests of its callers' keys: a file for each caller. */
const keyFolder = "/etc/algorun/api-keys";

const at: readonly PathStep[] = ["spec", "endpoint", "authentication"];

/** Who may call the endpoint; undefined: everybody. */
export function planAuthentication(
  authentication: AuthenticationSpec | undefined,
  paths: readonly EndpointPathPlan[],
  context: PlanContext,
): AuthenticationPlan | undefined {
  if (authentication === undefined) return undefined;
  const { linked, report } = context;
  const { apiKeys, jwt } = authentication;
  if (paths.every(({ protocol }) => protocol === "rtmp")) {
    const message = "has no effect: all paths are media streams, which have keys of their own; remove it";
    report.error(linked.source, at, message);
  }
  if ((apiKeys === undefined) === (jwt === undefined)) {
    const found = apiKeys === undefined ? "neither" : "both";
    report.error(linked.source, at, `found ${found}, expected either apiKeys or jwt`);
  }
  if (jwt !== undefined) return planTokens(jwt, context);
  return apiKeys && planKeys(apiKeys, context);
}

function planKeys(
  { callers, secretName }: NonNullable<AuthenticationSpec["apiKeys"]>,
  { linked: { source }, report }: PlanContext,
): AuthenticationPlan {
  const path = [...at, "apiKeys"];
  if ((callers === undefined) === (secretName === undefined)) {
    const found = callers === undefined ? "neither" : "both";
    report.error(
      source,
      path,
      `found ${found}, expected either callers, for whom keys are made, or secretName, a Secret that has their digests`,
    );
  }
  reportDuplicates(callers ?? [], "caller", source, [...path, "callers"], report);
  return { kind: "apiKeys", folder: keyFolder, callers: distinct(callers ?? []), secretName };
}

function planTokens(
  { issuer, jwksUri, audiences }: NonNullable<AuthenticationSpec["jwt"]>,
  { linked: { source }, report }: PlanContext,
): AuthenticationPlan {
  const path = [...at, "jwt", "jwksUri"];
  const { hostname, protocol } = new URL(jwksUri);
  const kind = addressKind(hostname);
  if (kind === "own") {
    report.error(
      source,
      path,
      `found ${hostname}, which is the gateway's own pod or node, expected an issuer's host`,
    );
  } else if (protocol === "http:" && kind !== "cluster") {
    const message = `found ${JSON.stringify(jwksUri)}, expected https: who can change these keys on their way can call as anybody`;
    report.error(source, path, message);
  }
  const warning = unreachableByName(hostname);
  if (warning !== undefined) report.warning(source, path, warning);
  return { kind: "jwt", issuer, jwksUri, audiences: distinct(audiences) };
}

/** Where the gateway must connect to in order to know its callers. */
export function authenticationEgress(authentication: AuthenticationPlan | undefined): readonly EgressPlan[] {
  return authentication?.kind === "jwt" ? [{ to: "issuer", ...hostAndPort(authentication.jwksUri) }] : [];
}

/** What the gateway is told about its callers. */
export function authenticationConfig(authentication: AuthenticationPlan): JsonObject {
  if (authentication.kind === "apiKeys")
    return { apiKeys: { header: apiKeyHeader, folder: authentication.folder, digest: "sha256" } };
  const { issuer, jwksUri, audiences } = authentication;
  return { jwt: { header: "authorization", issuer, jwksUri, audiences } };
}
