import { advisoryInDev } from "./rule/environment";
import { describeResource } from "./rule/resource";
import { groupBy, namespaceOf } from "./rule/kubernetes-object";
import { conditionsOf, isShadow, routesOf, type Route } from "./rule/routes";
import { defineRule, noSettings, type StackFinding } from "./rule/rule";

/** Each request has one way to go. */
export const separateRoutes = defineRule({
  name: "separate-routes",
  severity: "high",
  description:
    "No two Mappings are for the same requests unless weights share them out, and none lies inside another deployment's path.",
  rationale:
    "Emissary gives the requests of two equal Mappings to either of them, by turns: half of a pipeline's messages end up in another one. A longer path inside another deployment's takes its requests away, without a word in the log of either.",
  remedy:
    "Give the deployments paths or host names of their own in routing; share requests out with rollout of the PipelineDeployment document, which sets weights.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const routes = routesOf(resources).filter((route) => !isShadow(route));
    const groups = groupBy(routes, (route) => keyOf(conditionsOf(route), prefixOf(route)));
    for (const group of groups.values()) {
      const [first, ...others] = group.filter(({ spec }) => spec.at("weight").isAbsent);
      for (const other of others) if (first !== undefined) yield sameRequests(other, first);
      yield* tooHeavy(group);
    }
    yield* nested(routes, groups);
  },
});

function sameRequests(route: Route, other: Route): StackFinding {
  return {
    resource: route.resource,
    field: route.spec.at("prefix"),
    found: `the route takes the same requests as ${nameOf(other)}, to ${JSON.stringify(prefixOf(route))}`,
    fix: "give it a path or a host name of its own, or a weight",
  };
}

function* tooHeavy(group: readonly Route[]): Iterable<StackFinding> {
  const total = group.reduce((sum, { spec }) => sum + (spec.at("weight").number ?? 0), 0);
  const last = group.findLast(({ spec }) => !spec.at("weight").isAbsent);
  if (total <= 100 || last === undefined) return;
  yield {
    resource: last.resource,
    field: last.spec.at("weight"),
    found: `routes to ${JSON.stringify(prefixOf(last))} take ${total} percent of its requests together`,
    fix: "lower the weights to 100 in all",
  };
}

/** Routes whose path begins with that of another deployment's, each looked up by the beginnings of its path. */
function* nested(
  routes: readonly Route[],
  groups: ReadonlyMap<string, readonly Route[]>,
): Iterable<StackFinding> {
  for (const route of routes) {
    const prefix = prefixOf(route);
    const conditions = conditionsOf(route);
    // The path of everything is meant as a fallback.
    for (let length = 2; length < prefix.length; length += 1) {
      const outer = groups.get(keyOf(conditions, prefix.slice(0, length)))?.[0];
      if (outer === undefined || ownerOf(outer) === ownerOf(route)) continue;
      yield {
        resource: route.resource,
        field: route.spec.at("prefix"),
        found: `the route takes requests to ${JSON.stringify(prefix)} away from ${nameOf(outer)}, which has ${JSON.stringify(prefixOf(outer))}`,
        fix: "choose a path outside it",
      };
      break;
    }
  }
}

function keyOf(conditions: string, prefix: string): string {
  return `${conditions} ${prefix}`;
}

function prefixOf({ spec }: Route): string {
  return spec.at("prefix").text ?? "";
}

function ownerOf({ resource }: Route): string {
  const { fields } = resource;
  return (
    fields.at("metadata", "labels", "algo.run/pipeline-deployment").text ??
    namespaceOf(fields) ??
    resource.urn
  );
}

function nameOf({ resource }: Route): string {
  return describeResource(resource);
}
