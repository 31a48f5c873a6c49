import type { PlannedDeployment } from "../deployment-planner";
import { covers } from "./host-pattern";
import type { RoutePlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import { compareText } from "../values/text";

/** A route as it stands among those of other deployments. */
interface Placed {
  readonly id: string;
  readonly route: RoutePlan;
  /** Host names that it answers for; may begin or end with `*`. */
  readonly hostname: string;
  /** Names of the endpoint's paths, each of which follows the prefix; none for gRPC. */
  readonly paths: readonly string[];
  readonly source: DocumentSource;
  readonly at: readonly PathStep[];
}

/**
 * Reports routes of two deployments that would take each other's requests: the same host, prefix and headers, where
 * Emissary would share the requests between them, and a prefix that lies on a path of another deployment, where Envoy
 * takes the longer one. A longer prefix beside the other's paths is no conflict, nor is a host name of one's own beside
 * the platform's, which is less exact.
 */
export function reportRouteConflicts(
  planned: readonly PlannedDeployment[],
  { edge }: PlatformFacts,
  report: ProblemReport,
): void {
  const routes = planned
    .flatMap((deployment) => placedRoutes(deployment, edge?.hostname ?? "*"))
    .sort(compare);
  reportEqual(routes, report);
  reportOverlaps(routes, report);
}

function placedRoutes({ linked, plan }: PlannedDeployment, edgeHostname: string): readonly Placed[] {
  const endpoint = plan.components.find((component) => component.kind === "endpoint");
  return plan.routes
    .filter(({ role }) => role.kind === "own")
    .map((route) => ({
      id: plan.id,
      route,
      hostname: route.hostname ?? edgeHostname,
      paths: route.protocol === "grpc" ? [] : pathNames(endpoint?.paths ?? []),
      source: linked.source,
      at: placeOf(route, linked.spec.endpoint?.routing),
    }));
}

function pathNames(
  paths: readonly { readonly name: string; readonly protocol: string }[],
): readonly string[] {
  return paths.filter(({ protocol }) => protocol === "http").map(({ name }) => name);
}

/** Where the document says what makes the route clash: its prefix, its host names, or who it is. */
function placeOf(
  { hostname, protocol }: RoutePlan,
  routing:
    { readonly prefix?: string | undefined; readonly hostnames?: readonly string[] | undefined } | undefined,
): readonly PathStep[] {
  const at = ["spec", "endpoint", "routing"];
  if (protocol === "http" && routing?.prefix !== undefined) return [...at, "prefix"];
  if (hostname === undefined) return ["spec", "deploymentName"];
  return [...at, "hostnames", routing?.hostnames?.indexOf(hostname) ?? 0];
}

function compare(a: Placed, b: Placed): number {
  return (
    compareText(a.source.file, b.source.file) ||
    a.source.lineOf(a.at) - b.source.lineOf(b.at) ||
    compareText(a.id, b.id) ||
    compareText(a.route.name, b.route.name)
  );
}

function reportEqual(routes: readonly Placed[], report: ProblemReport): void {
  const first = new Map<string, Placed>();
  for (const placed of routes) {
    const { hostname, route } = placed;
    const key = JSON.stringify([hostname, route.prefix, route.headers]);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, placed);
    } else if (earlier.id !== placed.id) {
      const remedy = route.protocol === "grpc" ? "another host name" : "another prefix or host name";
      const message = `${placed.id} and ${earlier.id} (${place(earlier)}) both take the requests to ${address(placed)}; give one of them ${remedy}`;
      report.error(placed.source, placed.at, message);
    }
  }
}

function reportOverlaps(routes: readonly Placed[], report: ProblemReport): void {
  const http = routes.filter(({ route }) => route.protocol === "http");
  const below = routesBelow(http);
  for (const outer of http) {
    for (const { inner, segment } of below.get(outer.route.prefix) ?? []) {
      if (inner.id === outer.id || !outer.paths.includes(segment)) continue;
      if (!covers(inner.hostname, outer.hostname) && !covers(outer.hostname, inner.hostname)) continue;
      const message = `${inner.id} takes the requests to ${address(inner)}, which lie below the path ${segment} of ${outer.id} (${place(outer)}), since the longer prefix wins; give one of them another prefix or host name`;
      report.error(inner.source, inner.at, message);
    }
  }
}

interface Below {
  readonly inner: Placed;
  /** What follows the shorter prefix in the longer one, up to the next slash. */
  readonly segment: string;
}

/** The routes below each prefix, so that finding overlaps takes no comparison of each with each. */
function routesBelow(routes: readonly Placed[]): ReadonlyMap<string, readonly Below[]> {
  const below = new Map<string, Below[]>();
  for (const inner of routes) {
    const segments = inner.route.prefix.split("/").filter((segment) => segment !== "");
    segments.forEach((segment, index) => {
      const outer = `/${segments
        .slice(0, index)
        .map((each) => `${each}/`)
        .join("")}`;
      const group = below.get(outer);
      if (group === undefined) below.set(outer, [{ inner, segment }]);
      else group.push({ inner, segment });
    });
  }
  return below;
}

function place({ source, at }: Placed): string {
  return `${source.file}:${source.lineOf(at)}`;
}

function address({ hostname, route }: Placed): string {
  const host = hostname === "*" ? "" : hostname;
  const headers = Object.entries(route.headers).map(([name, value]) => ` with ${name}: ${value}`);
  return `${host}${route.prefix}${headers.join("")}`;
}
