import type * as pulumi from "@pulumi/pulumi";
import type { NetworkAddress, ScrapeService } from "../platform-services";
import type { ContainerResources } from "../workload/container-resources";
import type { DeploymentWorkloadArgs } from "../workload/deployment-workload";
import type { PodDefaults } from "../workload/pod-defaults";
import type { ServiceArgs } from "../workload/workload-args";
import type { RateLimitArgs } from "./rate-limit";

/** Arguments of {@link Ambassador}. */
export interface AmbassadorArgs {
  readonly namespace: pulumi.Input<string>;
  /** Host name that it answers for; may begin or end with `*`, and `*` is any. @default "*" */
  readonly hostname?: string;
  /**
   * The certificate, as PEM or as a Secret of type `kubernetes.io/tls` in the namespace. With it, requests in clear are
   * redirected; without, they are served.
   *
   * @default none
   */
  readonly tls?: EdgeCertificate;
  /** How the edge is reached from outside. @default a LoadBalancer that keeps clients' addresses */
  readonly service?: Pick<
    ServiceArgs,
    "annotations" | "externalTrafficPolicy" | "loadBalancerSourceRanges" | "type"
  >;
  /** Whether the definitions of Ambassador's kinds are made here, or are in the cluster already. @default "install" */
  readonly definitions?: "existing" | "install";
  /** Number of pods. @default 2 */
  readonly replicas?: number;
  /** Full reference. @default the pinned Emissary */
  readonly image?: string;
  /** @default 250m to 2 CPU, 1Gi of memory */
  readonly resources?: ContainerResources;
  /** Where the services of Mappings are. @default every port in namespaces labelled as part of AlgoRun */
  readonly upstreams?: readonly NetworkAddress[];
  /** Limits what a client may ask for; needs a Redis. @default no limit */
  readonly rateLimit?: Omit<RateLimitArgs, "clients" | "defaults" | "namespace" | "observability">;
  /** Who watches. @default nobody */
  readonly observability?: ScrapeService;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: DeploymentWorkloadArgs["transform"];
}

/** A certificate for the edge. */
export type EdgeCertificate =
  | { readonly certificate: pulumi.Input<string>; readonly privateKey: pulumi.Input<string> }
  | { readonly secretName: pulumi.Input<string> };
