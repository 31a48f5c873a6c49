import { componentName, kubernetesName } from "../values/names";
import type { DeploymentSpec } from "../schema/pipeline-schema";

type Identity = Pick<DeploymentSpec, "deploymentOwner" | "deploymentName">;

/** `{owner}.{name}`: the identity of a deployment. */
export function deploymentId({ deploymentOwner, deploymentName }: Identity): string {
  return `${deploymentOwner}.${deploymentName}`;
}

/** Prefix of the names of a deployment's resources. */
export function deploymentPrefix({ deploymentOwner, deploymentName }: Identity): string {
  return componentName(`${deploymentOwner}-${deploymentName}`);
}

/** Namespace of a deployment. */
export function deploymentNamespace(spec: Identity & Pick<DeploymentSpec, "deploymentNamespace">): string {
  return kubernetesName(`${spec.deploymentNamespace}-${spec.deploymentOwner}-${spec.deploymentName}`);
}
