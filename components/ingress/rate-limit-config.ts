import { stableYaml } from "../workload/stable-text";
import type { MappingLabels, RequestLabel } from "./ambassador-kinds";

/** The domain that Ambassador asks about, and that our configuration answers for. */
export const rateLimitDomain = "ambassador";

/** How many requests one client address may send to one deployment in a unit of time. */
export interface RateLimitPolicy {
  readonly requests: number;
  readonly unit: "second" | "minute" | "hour" | "day";
}

/** How many requests that are alike in something may be sent to a deployment in a unit of time. */
export interface RequestLimit extends RateLimitPolicy {
  /** What makes requests alike: the client's address, or the value of a header; those without it are not counted. */
  readonly by: { readonly kind: "remoteAddress" } | { readonly kind: "header"; readonly name: string };
}

/** Limits of its own that a deployment has, by `owner.name`; where it has none by address, the platform's holds. */
export type DeploymentLimits = Readonly<Record<string, readonly RequestLimit[]>>;

/**
 * Labels that put a route under the edge's rate limits: requests are counted by deployment and client address, and by
 * deployment and the value of each header that has a limit.
 *
 * @param deployment - `owner.name` of the pipeline deployment
 * @param limits - the deployment's own
 */
export function rateLimitLabels(deployment: string, limits: readonly RequestLimit[] = []): MappingLabels {
  const descriptor = (label: RequestLabel): readonly RequestLabel[] => [
    { generic_key: { value: deployment } },
    label,
  ];
  const headers = limits.flatMap(({ by }) => (by.kind === "header" ? [by] : []));
  return {
    [rateLimitDomain]: [
      { client: descriptor({ remote_address: { key: addressKey } }) },
      ...headers.map((by) => ({
        [by.name]: descriptor({ request_headers: { key: descriptorKey(by), header_name: by.name } }),
      })),
    ],
  };
}

/** What the rate-limit service reads: each deployment is counted on its own. */
export function renderRateLimitConfig(platform: RateLimitPolicy, deployments: DeploymentLimits = {}): string {
  const own = Object.entries(deployments).filter(([, limits]) => limits.length > 0);
  return stableYaml({
    domain: rateLimitDomain,
    descriptors: [
      { key: deploymentKey, descriptors: [limitOf({ ...platform, by: { kind: "remoteAddress" } })] },
      ...own
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([value, limits]) => ({ key: deploymentKey, value, descriptors: limitsOf(platform, limits) })),
    ],
  });
}

const deploymentKey = "generic_key";
const addressKey = "remote_address";

/** The service looks no further once it has found a deployment by name, so that the platform's limit is said again. */
function limitsOf(platform: RateLimitPolicy, limits: readonly RequestLimit[]): readonly object[] {
  const byAddress = limits.some(({ by }) => by.kind === "remoteAddress");
  const all: readonly RequestLimit[] = byAddress
    ? limits
    : [{ ...platform, by: { kind: "remoteAddress" } }, ...limits];
  return all.map(limitOf);
}

function limitOf({ by, requests, unit }: RequestLimit): object {
  return { key: descriptorKey(by), rate_limit: { unit, requests_per_unit: requests } };
}

/** Header names have no colon, so that none is taken for the address. */
function descriptorKey(by: RequestLimit["by"]): string {
  return by.kind === "header" ? `header:${by.name}` : addressKey;
}
