import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { SecretGeneration } from "../../secret-rotation";
import type { ContainerResources } from "../../workload/container-resources";
import type { JobWorkloadArgs } from "../../workload/job-workload";
import type { ClaimArgs } from "../../workload/pod-args";
import type { PodDefaults } from "../../workload/pod-defaults";
import type { StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";

/** The servers that can hold the buckets. */
export type StorageEngineName = "minio" | "seaweedfs";

/** Arguments of `ObjectStorage`. */
export interface ObjectStorageArgs {
  readonly namespace: pulumi.Input<string>;
  /**
   * Which server. MinIO was archived by its makers in 2026: its last image gets no more fixes. SeaweedFS is maintained,
   * and runs here as one pod.
   *
   * @default "minio"
   */
  readonly engine?: StorageEngineName;
  /** Begins the names of all objects. @default the component's logical name */
  readonly name?: string;
  /** Number of servers: 1, or with MinIO 4 to 16, which survive the loss of some. @default 1 */
  readonly replicas?: number;
  /** Volume of each server. @default 50Gi */
  readonly storage?: ClaimArgs;
  /** Of each server. @default the size "medium" */
  readonly resources?: ContainerResources;
  /** Full reference of the server. @default the pinned image */
  readonly image?: pulumi.Input<string>;
  /** Full reference of what the bucket Jobs run; SeaweedFS is its own client. @default the pinned image */
  readonly clientImage?: pulumi.Input<string>;
  /** Who may connect as a client. @default pods of the namespaces that are part of AlgoRun */
  readonly clients?: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** Of the buckets' access keys. @default the first */
  readonly generation?: SecretGeneration;
  /** Of the administrator's password, which servers read when they start. @default the first */
  readonly administratorGeneration?: SecretGeneration;
  /** What the environment decides about pods. @default nothing */
  readonly defaults?: PodDefaults;
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/** What an engine is told. */
export interface StorageContext {
  readonly args: ObjectStorageArgs;
  /** Name of the server's objects. */
  readonly name: string;
  readonly clients: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** Password of the administrator. */
  readonly rootPassword: pulumi.Output<string>;
}

/** A bucket, and its user. */
export interface BucketRequest {
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: pulumi.Output<string>;
  /** Access keys that work no more, and may never have been. */
  readonly retired: readonly string[];
}

/** What differs between the servers. */
export interface StorageEngine {
  /** Port of the S3 interface. */
  readonly port: number;
  /** @throws Error for a number of servers that the engine can't be made of */
  workload(context: StorageContext): StatefulSetWorkloadArgs;
  /** What the Job of a bucket runs; it bears repeating. */
  bucketJob(
    context: StorageContext,
    request: BucketRequest,
  ): Pick<JobWorkloadArgs, "app" | "containers" | "volumes">;
}

/** Name of the administrator. */
export const rootUser = "algorun";

/** The label of Jobs that may use a storage's own interfaces, beside S3. */
export function administratorLabels(name: string): Readonly<Record<string, string>> {
  return { "algo.run/administers": name };
}
