import { reportDuplicates } from "../document/check-algo";
import { covers } from "./host-pattern";
import type { LinkedDeployment } from "../link/link";
import type { PlatformFacts } from "../platform-facts";
import type { PathStep, ProblemReport } from "../document/problem";
import { countedBy, limitKey } from "./rate-limit-planner";
import { deploymentHeader } from "./route-planner";
import type { EndpointSpec } from "../schema/endpoint-schema";
import type { RoutingSpec } from "../schema/routes-schema";
import { hashSources } from "./traffic-planner";

const at: readonly PathStep[] = ["spec", "endpoint"];

/** Reports what a deployment says of its traffic and can't be, or would be without effect. */
export function checkRouting(
  endpoint: EndpointSpec,
  linked: LinkedDeployment,
  facts: PlatformFacts,
  report: ProblemReport,
): void {
  const error = (path: readonly PathStep[], message: string): void => {
    report.error(linked.source, [...at, ...path], message);
  };
  const { routing, rateLimits, rollout, paths } = endpoint;
  const types = new Set(paths.map(({ endpointType }) => endpointType));
  if (!types.has("HTTP") && !types.has("gRPC")) {
    const idle = "has no effect, since no path has endpointType HTTP or gRPC; remove it";
    if (routing !== undefined) error(["routing"], idle);
    if (rollout !== undefined) error(["rollout"], idle);
    if (rateLimits.length > 0) error(["rateLimits"], idle);
    return;
  }
  if (routing !== undefined) {
    checkHttpOnly(routing, types.has("HTTP"), error);
    checkRetries(routing, error);
    checkCors(routing, error);
    checkLoadBalancing(routing, error);
    checkHostnames(routing.hostnames ?? [], facts, error);
    reportDuplicates(
      routing.hostnames ?? [],
      "host name",
      linked.source,
      [...at, "routing", "hostnames"],
      report,
    );
  }
  checkRateLimits(endpoint, error);
  rollout?.headers.forEach(({ name }, index) => {
    if (name !== deploymentHeader) return;
    const message = `found ${JSON.stringify(name)}, which says of gRPC calls which deployment they are for, expected another header`;
    error(["rollout", "headers", index, "name"], message);
  });
}

type Complain = (path: readonly PathStep[], message: string) => void;

function checkHttpOnly(routing: RoutingSpec, hasHttp: boolean, error: Complain): void {
  if (hasHttp) return;
  for (const field of ["prefix", "cors"] as const) {
    if (routing[field] !== undefined) {
      error(["routing", field], "has no effect, since no path has endpointType HTTP; remove it");
    }
  }
}

function checkRetries({ retries, timeoutSeconds = 0 }: RoutingSpec, error: Complain): void {
  const perTry = retries?.perTryTimeoutSeconds;
  if (perTry === undefined || timeoutSeconds === 0 || perTry <= timeoutSeconds) return;
  const message = `found ${perTry}, expected at most timeoutSeconds, which is ${timeoutSeconds}: it is the time of all attempts`;
  error(["routing", "retries", "perTryTimeoutSeconds"], message);
}

function checkCors({ cors }: RoutingSpec, error: Complain): void {
  if (cors === undefined || !cors.credentials || !cors.origins.includes("*")) return;
  const message = 'found credentials: true beside the origin "*", which browsers refuse; name the origins';
  error(["routing", "cors", "credentials"], message);
}

function checkLoadBalancing({ loadBalancing }: RoutingSpec, error: Complain): void {
  if (loadBalancing === undefined) return;
  const { policy } = loadBalancing;
  const sources = hashSources(loadBalancing).map(({ kind }) => kind);
  const hashes = policy === "ring_hash" || policy === "maglev";
  if (hashes && sources.length !== 1) {
    const found = sources.length === 0 ? "none" : sources.join(" and ");
    const message = `found ${found}, expected exactly one of header, cookie and sourceAddress, by which ${policy} chooses the pod`;
    error(["routing", "loadBalancing"], message);
  }
  if (hashes) return;
  for (const kind of sources) {
    error(
      ["routing", "loadBalancing", kind],
      `has no effect with policy ${policy}, expected ring_hash or maglev`,
    );
  }
}

function checkHostnames(hostnames: readonly string[], { edge }: PlatformFacts, error: Complain): void {
  if (edge === undefined) return;
  hostnames.forEach((hostname, index) => {
    if (covers(edge.hostname, hostname)) return;
    const message = `found ${JSON.stringify(hostname)}, but the edge answers only for ${JSON.stringify(edge.hostname)}; choose a name that it covers, or widen algorun:ambassador.hostname, e.g. to *.${hostname.split(".").slice(1).join(".")}`;
    error(["routing", "hostnames", index], message);
  });
}

function checkRateLimits({ rateLimits }: EndpointSpec, error: Complain): void {
  const first = new Map<string, number>();
  rateLimits.forEach((limit, index) => {
    if ((limit.by === "header") !== (limit.header !== undefined)) {
      const message =
        limit.by === "header"
          ? "is missing, expected the name of the request header to count by"
          : `has no effect with by: ${limit.by}; remove it`;
      error(["rateLimits", index, "header"], message);
      return;
    }
    const key = limitKey({ by: countedBy(limit) });
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else error(["rateLimits", index], `counts the same as rateLimits[${earlier}]; remove one`);
  });
}
