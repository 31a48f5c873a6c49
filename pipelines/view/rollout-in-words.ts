import type { RoutePlan } from "../model/plan/plan";

/** What share of the requests a rollout sends where, such as `10 % to algorun-acme-new`; undefined for an own route. */
export function rolloutInWords({ role, target, headers }: RoutePlan): string | undefined {
  const to = target.namespace ?? target.component;
  switch (role.kind) {
    case "own":
      return undefined;
    case "canary":
      return `${role.weight} % to ${to}`;
    case "shadow":
      return `copies of ${role.weight} % to ${to}`;
    case "header":
      return `with ${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join(" and ")} to ${to}`;
  }
}
