import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "./aws/aws-account";
import type { ImageName, PinnedImage } from "./images";
import type { SecretGeneration, SecretGroup } from "./secret-rotation";
import type { PodDefaults } from "./workload/pod-defaults";

/** What a platform tells whoever chooses the implementation of a system. */
export interface SystemContext {
  /** Generations of a group of secrets. */
  readonly generation: (group: SecretGroup) => SecretGeneration;
  /** What every system in the cluster is told. */
  readonly shared: { readonly namespace: pulumi.Output<string>; readonly defaults: PodDefaults };
  /** Options of a system in the cluster: no pod before the guard rails of its namespace. */
  readonly inCluster: pulumi.ComponentResourceOptions;
  /** Options of a system elsewhere. */
  readonly elsewhere: pulumi.ComponentResourceOptions;
  /** Whether data outlives the stack. */
  readonly retainData: boolean;
  /** The pinned image, or what the environment has instead of it. */
  image(name: ImageName): PinnedImage;
  /**
   * Where managed systems are made.
   *
   * @throws Error when the stack has no such place
   */
  aws(): AwsAccount;
}
