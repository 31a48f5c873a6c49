import type { RateLimitPlan } from "../plan/plan";
import type { RateLimitSpec } from "../schema/routes-schema";
import { compareText } from "../values/text";

/** Request header that carries an API key. */
export const apiKeyHeader = "x-api-key";

/** A deployment's own limits. */
export function planRateLimits(stated: readonly RateLimitSpec[]): readonly RateLimitPlan[] {
  return stated
    .map((limit) => ({ by: countedBy(limit), requests: limit.requests, unit: limit.unit }))
    .sort((a, b) => compareText(limitKey(a), limitKey(b)));
}

/** What a limit counts by; two limits with the same key would count the same twice. */
export function limitKey({ by }: Pick<RateLimitPlan, "by">): string {
  return by.kind === "header" ? `header ${by.name}` : by.kind;
}

/** What makes requests alike to a limit. */
export function countedBy({ by, header = "" }: RateLimitSpec): RateLimitPlan["by"] {
  switch (by) {
    case "remoteAddress":
      return { kind: "remoteAddress" };
    case "apiKey":
      return { kind: "header", name: apiKeyHeader };
    case "header":
      return { kind: "header", name: header };
  }
}
