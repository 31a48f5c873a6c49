import type { ListedDeployment } from "../link/deployment-directory";
import { deploymentNamespace, deploymentPrefix } from "../link/deployment-names";
import { endpointPorts } from "../edges/endpoint-ports";
import { gatewayPrefix } from "./gateway-prefix";
import { endpointName } from "../link/link-pipes";
import type { LinkedRollout } from "../link/link-rollout";
import { componentName } from "../values/names";
import type { RoutePlan, RouteTargetPlan } from "../plan/plan";
import { distinct, shortHash } from "../values/text";

/**
 * The routes by which a deployment shares the requests of one of its own with others. Emissary refuses a route to share
 * with one that says anything else of connections, limits or load balancing, so they differ in nothing but this.
 */
export function planRollout(
  own: RoutePlan,
  { canaries, shadow, headers }: LinkedRollout,
): readonly RoutePlan[] {
  return [
    ...canaries.map(({ target, weight }) => ({
      ...towards(own, target, "canary"),
      role: { kind: "canary", weight } as const,
    })),
    ...(shadow === undefined
      ? []
      : [
          {
            ...towards(own, shadow.target, "shadow"),
            // Envoy copies a request as it leaves for whoever answers it.
            rewrite: own.rewrite,
            role: { kind: "shadow", weight: shadow.weight } as const,
          },
        ]),
    ...headers.map(({ target, name, value }) => ({
      ...towards(own, target, `header-${shortHash(`${name}: ${value}`)}`),
      headers: { ...own.headers, [name]: value },
      role: { kind: "header" } as const,
    })),
  ];
}

/** Ids of the deployments that requests are shared with. */
export function rolloutTargets({ canaries, shadow, headers }: LinkedRollout): readonly string[] {
  const targets = [...canaries, ...(shadow === undefined ? [] : [shadow]), ...headers];
  return distinct(targets.map(({ target }) => target.id));
}

function towards(own: RoutePlan, target: ListedDeployment, way: string): RoutePlan {
  const { deploymentOwner: owner, deploymentName: name } = target.spec;
  return {
    ...own,
    name: componentName(`${own.name}-${way}-${deploymentPrefix(target.spec)}`),
    rewrite: own.rewrite === "" ? "" : gatewayPrefix({ owner, name }),
    target: targetOf(target, own.protocol),
  };
}

function targetOf({ spec }: ListedDeployment, protocol: RoutePlan["protocol"]): RouteTargetPlan {
  // Linking leaves out targets without an endpoint.
  if (spec.endpoint === undefined) throw new Error("a rollout leads to a deployment without an endpoint");
  return {
    namespace: deploymentNamespace(spec),
    component: endpointName,
    port: endpointPorts(spec.endpoint)[protocol],
  };
}
