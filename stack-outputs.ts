import { Pipeline } from "./components/pipeline/pipeline";
import { Platform } from "./components/platform";
import { handOver, type HandOverArgs } from "./components/remote/hand-over";
import type { RemotePlatform } from "./components/remote/remote-platform";
import { capacityStatement } from "./pipelines/model/capacity/capacity-statement";
import type { PipelinePlan } from "./pipelines/model/plan/plan";

/** What the outputs of a stack tell of. */
export interface DeployedStack extends Pick<HandOverArgs, "environment" | "facts" | "rateLimits"> {
  readonly platform: Platform | RemotePlatform;
  readonly pipelines: readonly Pipeline[];
  readonly plans: readonly PipelinePlan[];
}

/** What `pulumi stack output` shows. */
export function stackOutputs({ platform, pipelines, plans, ...told }: DeployedStack): object {
  return {
    /** Where the platform answers. */
    addresses: {
      http: platform.gateway.httpAddress,
      grpc: platform.gateway.grpcAddress,
      rtmp: platform.mediaStreams?.publishAddress,
      grafana: platform.grafana.url,
    },
    /** Where each pipeline takes messages in and is watched, what its clients need, and what flows through it. */
    deployments: Object.fromEntries(
      pipelines.map(({ id, addresses, credentials, dashboard, namespace, topics }) => [
        id,
        { addresses, credentials, dashboard, namespace, topics },
      ]),
    ),
    /** What pipelines take of the cluster and of Kafka, at the least and at the most. */
    capacity: capacityStatement(plans, told.facts),
    /** What only a stack with a platform has. */
    ...(platform instanceof Platform && {
      /** What stacks of pipelines need that use this platform by `algorun:platformStack`; a secret. */
      platform: handOver(platform, { ...told, deployments: plans.map(({ id }) => id) }),
      /** Password of Grafana's user `admin`. */
      grafanaPassword: platform.grafana.adminPassword,
    }),
  };
}
