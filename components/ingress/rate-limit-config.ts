import { stableYaml } from "../workload/stable-text";
import type { MappingLabels } from "./ambassador-kinds";

/** The domain that Ambassador asks about, and that our configuration answers for. */
export const rateLimitDomain = "ambassador";

/** How many requests one client address may send to one deployment in a unit of time. */
export interface RateLimitPolicy {
  readonly requests: number;
  readonly unit: "second" | "minute" | "hour" | "day";
}

/**
 * Labels that put a route under the edge's rate limit: requests are counted by deployment and client address.
 *
 * @param deployment - `owner.name` of the pipeline deployment
 */
export function rateLimitLabels(deployment: string): MappingLabels {
  return {
    [rateLimitDomain]: [
      { client: [{ generic_key: { value: deployment } }, { remote_address: { key: "remote_address" } }] },
    ],
  };
}

/** What the rate-limit service reads: each deployment and address is counted on its own. */
export function renderRateLimitConfig({ requests, unit }: RateLimitPolicy): string {
  return stableYaml({
    domain: rateLimitDomain,
    descriptors: [
      {
        key: "generic_key",
        descriptors: [{ key: "remote_address", rate_limit: { unit, requests_per_unit: requests } }],
      },
    ],
  });
}
