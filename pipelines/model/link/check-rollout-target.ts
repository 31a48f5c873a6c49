import { checkRolloutCallers } from "./check-rollout-callers";
import { isCompatible } from "./content-type";
import type { ListedDeployment } from "./deployment-directory";
import type { EndpointPathSpec } from "../schema/endpoint-schema";

/** Why a deployment can't answer in another's place; empty when it can. */
export function checkRolloutTarget(from: ListedDeployment, target: ListedDeployment): readonly string[] {
  const place = `${target.source.file}:${target.source.lineOf(["spec", "endpoint"])}`;
  const { endpoint } = target.spec;
  if (endpoint === undefined) {
    return [
      `${target.id} (${place}) has no endpoint to take requests; add one, or choose another deployment`,
    ];
  }
  const defaultPath = endpoint.paths.find(({ isDefault }) => isDefault)?.name;
  const faults = routed(from).flatMap((path) => {
    const other = endpoint.paths.find(({ name }) => name === path.name);
    return pathFaults(path, other, defaultPath).map(
      (fault) => `${target.id} (${place}) ${fault}, as ${from.id} has; make them the same`,
    );
  });
  return [...faults, ...checkRolloutCallers(from, target)];
}

/** Paths whose requests come by a route. */
function routed({ spec }: ListedDeployment): readonly EndpointPathSpec[] {
  return (spec.endpoint?.paths ?? []).filter(({ endpointType }) => endpointType !== "RTMP");
}

function pathFaults(
  path: EndpointPathSpec,
  other: EndpointPathSpec | undefined,
  defaultPath: string | undefined,
): readonly string[] {
  const { name, endpointType, contentType } = path;
  if (other?.endpointType !== endpointType) return [`has no path ${name} with endpointType ${endpointType}`];
  const accepted = other.contentType === undefined ? [] : [other.contentType];
  return [
    ...(isCompatible(contentType, accepted)
      ? []
      : [
          `takes ${JSON.stringify(other.contentType)} at the path ${name}, not ${JSON.stringify(contentType)}`,
        ]),
    ...(path.isDefault && defaultPath !== name ? [`has not the default path ${name}`] : []),
  ];
}
