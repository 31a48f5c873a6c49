import { deploymentId } from "./deployment-names";
import type { DeploymentSpec } from "../schema/pipeline-schema";

/** Who a deployment is, or was. */
export interface DeploymentIdentity {
  /** `{owner}.{name}` */
  readonly id: string;
  readonly owner: string;
  readonly name: string;
}

type NamedSpec = Pick<DeploymentSpec, "deploymentOwner" | "deploymentName" | "previousNames">;

/** Who a deployment was before it was renamed, oldest first. */
export function formerIdentities({
  deploymentOwner,
  previousNames,
}: NamedSpec): readonly DeploymentIdentity[] {
  return previousNames.map((former) =>
    identity(former.deploymentOwner ?? deploymentOwner, former.deploymentName),
  );
}

/**
 * Who a deployment is to its data: what it was called first. Automatic topic names, placeholders, consumer groups and
 * the bucket go by it, so that a renamed deployment finds its messages and goes on where it stopped.
 */
export function dataIdentity(spec: NamedSpec): DeploymentIdentity {
  return formerIdentities(spec)[0] ?? identity(spec.deploymentOwner, spec.deploymentName);
}

function identity(owner: string, name: string): DeploymentIdentity {
  return { id: deploymentId({ deploymentOwner: owner, deploymentName: name }), owner, name };
}
