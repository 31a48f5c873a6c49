import type { ListedDeployment } from "./deployment-directory";
import type { EndpointSpec } from "../schema/endpoint-schema";
import { oneOf } from "../values/text";

type Authentication = NonNullable<EndpointSpec["authentication"]>;

/** Why callers of one deployment are not let in by another, or others are; empty when both let in the same. */
export function checkRolloutCallers(from: ListedDeployment, target: ListedDeployment): readonly string[] {
  const [stated, other] = [authenticationOf(from), authenticationOf(target)];
  const [here, there] = [`${from.id} (${placeOf(from)})`, `${target.id} (${placeOf(target)})`];
  if (kindOf(stated) !== kindOf(other)) {
    return [
      `${there} lets in ${kindOf(other)}, and ${here} ${kindOf(stated)}; give both the same authentication`,
    ];
  }
  return [
    ...keyFaults(stated?.apiKeys, other?.apiKeys).map(
      (fault) => `${there} ${fault}; give both the same Secret by apiKeys.secretName, as ${here}`,
    ),
    ...tokenFaults(stated?.jwt, other?.jwt).map(
      (fault) => `${there} ${fault}, as ${here} has; make them the same`,
    ),
  ];
}

function authenticationOf({ spec }: ListedDeployment): Authentication | undefined {
  return spec.endpoint?.authentication;
}

function placeOf(deployment: ListedDeployment): string {
  const { source } = deployment;
  const field = authenticationOf(deployment) === undefined ? [] : ["authentication"];
  return `${source.file}:${source.lineOf(["spec", "endpoint", ...field])}`;
}

function kindOf(authentication: Authentication | undefined): string {
  if (authentication?.apiKeys !== undefined) return "callers with keys";
  return authentication?.jwt === undefined ? "everybody" : "callers with tokens";
}

/** Keys that are made are other ones in each deployment, whatever their callers are called. */
function keyFaults(stated: Authentication["apiKeys"], other: Authentication["apiKeys"]): readonly string[] {
  if (stated === undefined || other === undefined) return [];
  if (stated.secretName === undefined || other.secretName === undefined) {
    return ["knows other keys, since keys that are made are a deployment's own"];
  }
  if (stated.secretName === other.secretName) return [];
  return [`knows the keys of the Secret ${other.secretName}, not of ${stated.secretName}`];
}

function tokenFaults(stated: Authentication["jwt"], other: Authentication["jwt"]): readonly string[] {
  if (stated === undefined || other === undefined) return [];
  const refused = stated.audiences.filter((audience) => !other.audiences.includes(audience));
  return [
    ...(stated.issuer === other.issuer ? [] : [`takes tokens of ${other.issuer}, not of ${stated.issuer}`]),
    ...(stated.jwksUri === other.jwksUri
      ? []
      : [`looks for keys at ${other.jwksUri}, not at ${stated.jwksUri}`]),
    ...(refused.length === 0 ? [] : [`takes no tokens for the audience ${oneOf(refused)}`]),
  ];
}
