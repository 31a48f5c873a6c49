import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { takesMediaStreams } from "./plan-documents";
import type { PipelinePlan, RateLimitPlan } from "./model/plan/plan";

/** What a platform that another stack makes has for pipelines. */
export interface ServedPipelines {
  readonly environment: string;
  /** `owner.name` of the deployments that its own stack makes. */
  readonly deployments: readonly string[];
  /** Undefined when it has no RTMP server. */
  readonly mediaStreams?: object | undefined;
  /** Limits that the edge knows, by `owner.name`. */
  readonly rateLimits: Readonly<Record<string, readonly RateLimitPlan[]>>;
}

/** Whose pipelines ask. */
export interface PipelinesToServe {
  /** Of this stack. */
  readonly plans: readonly PipelinePlan[];
  /** Kind of environment that this stack is set to. */
  readonly environment: string;
  /** Name of the platform's stack. */
  readonly platformStack: string;
}

/**
 * Makes sure that a platform of another stack has what the pipelines of this one ask for. Only its own stack can give it
 * an RTMP server, and the limits of requests are in one configuration of its edge.
 *
 * @throws pulumi.RunError naming everything that it has not
 */
export function assertServed(
  { plans, environment, platformStack }: PipelinesToServe,
  platform: ServedPipelines,
): void {
  const stack = JSON.stringify(platformStack);
  const update = `pulumi up --stack ${platformStack}`;
  const complaints = [
    ...(environment === platform.environment
      ? []
      : [
          `algorun:environment: found ${JSON.stringify(environment)}, ` +
            `expected ${JSON.stringify(platform.environment)} as in the stack ${stack}, since they share its data`,
        ]),
    ...plans
      .filter(({ id }) => platform.deployments.includes(id))
      .map(
        ({ id }) =>
          `algorun:include: takes ${JSON.stringify(id)}, which the stack ${stack} makes as well, ` +
          `expected one stack for each deployment: exclude it there and update that first (${update}), or exclude it here`,
      ),
    ...lacks(plans, platform).map(
      (lack) =>
        `algorun:platformStack: ${lack}, which the platform does not have: ` +
        `update it first, with the same documents (${update})`,
    ),
  ];
  if (complaints.length > 0) throw new pulumi.RunError(complaints.join("\n"));
}

function lacks(plans: readonly PipelinePlan[], platform: ServedPipelines): readonly string[] {
  return plans.flatMap((plan) => [
    ...(takesMediaStreams(plan) && platform.mediaStreams === undefined
      ? [`${plan.id} needs an RTMP server`]
      : []),
    ...(isDeepStrictEqual(platform.rateLimits[plan.id] ?? [], plan.rateLimits)
      ? []
      : [`${plan.id} needs its rate limits`]),
  ]);
}
