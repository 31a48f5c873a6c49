import type * as kafka from "@pulumi/kafka";
import type * as pulumi from "@pulumi/pulumi";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import type { AlertThresholds } from "../../pipelines/observability/alert-thresholds";
import type { EndpointCredentials } from "./endpoint-credentials";
import type { MappingArgs } from "../ingress/mapping";
import type { PlatformServices } from "../platform-services";
import type { RotationSettings } from "../secret-rotation";
import type { Transform } from "../component";
import type { DeploymentWorkloadArgs } from "../workload/deployment-workload";
import type { NodeArgs } from "../workload/pod-args";
import type { PodDefaults } from "../workload/pod-defaults";
import type { StatefulSetWorkloadArgs } from "../workload/stateful-set-workload";

/** Arguments of {@link Pipeline}. */
export interface PipelineArgs {
  /** What the pipeline is. */
  readonly plan: PipelinePlan;
  /** What the pipeline uses. */
  readonly platform: PlatformServices;
  /** What the environment decides about every pod. */
  readonly podDefaults: PodDefaults;
  /** Nodes with GPUs, for algos that use some. @default any node */
  readonly gpuNodes?: NodeArgs | undefined;
  /** When somebody is told. @default defaultThresholds */
  readonly alerts?: AlertThresholds | undefined;
  /** Whether topics, the bucket, and the volumes of the write-ahead log outlive the pipeline. */
  readonly retainData: boolean;
  /**
   * The stack that makes it, where several do on one platform: another one that would make it as well is refused by the
   * API server. @default not said
   */
  readonly stack?: string | undefined;
  /** The pipelines that routes of the plan lead to: their pods are there before requests are. @default none */
  readonly rolloutTargets?: readonly pulumi.Resource[];
  /** Generations of the secrets that are made. @default the first of each */
  readonly rotation?: RotationSettings | undefined;
  /** A caller's last word on what the pipeline is made of. @default none */
  readonly transform?: PipelineTransforms;
}

/** A caller's last word on what a pipeline is made of. */
export interface PipelineTransforms {
  /** The endpoint's objects. */
  readonly endpoint?: StatefulSetWorkloadArgs["transform"];
  /** The objects of each algo. */
  readonly algo?: DeploymentWorkloadArgs["transform"];
  /** The objects of the workers of each data connector. */
  readonly dataConnector?: DeploymentWorkloadArgs["transform"];
  /** The event hook's objects. */
  readonly eventHook?: DeploymentWorkloadArgs["transform"];
  /** Each topic. */
  readonly topic?: Transform<kafka.TopicArgs>;
  /** Each route. */
  readonly mapping?: Transform<MappingArgs>;
}

/** Where a pipeline takes messages in. */
export interface PipelineAddresses {
  /** URL by path name. */
  readonly http: Readonly<Record<string, pulumi.Output<string>>>;
  /** Undefined when no path speaks gRPC. */
  readonly grpc: GrpcAddress | undefined;
  /** `rtmp://host:port/application/stream` by path name. */
  readonly rtmp: Readonly<Record<string, pulumi.Output<string>>>;
}

/** What a pipeline's callers, senders and receivers need; secrets by name. */
export interface PipelineCredentials extends EndpointCredentials {
  /** Secrets by which receivers check the signatures of webhooks, by the webhook's name. */
  readonly signingSecrets: Readonly<Record<string, pulumi.Output<string>>>;
}

/** How a gRPC client calls a pipeline. */
export interface GrpcAddress {
  /** `host:port` to dial. */
  readonly address: pulumi.Output<string>;
  /** Request headers that every call must carry, since they say which pipeline is meant; none with a host name of its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of the paths that speak gRPC. */
  readonly paths: readonly string[];
}
