import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * What an environment decides about every pod. It is passed from hand to hand, never looked up, so that two
 * platforms in one program can differ.
 */
export interface PodDefaults {
  /** Labels that a node must have. @default none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that are no obstacle. @default none */
  readonly tolerations?: readonly k8s.types.input.core.v1.Toleration[];
  /** Labels of every object beside our own. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of every object beside our own. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Priority class of every pod that names none. @default the cluster's own default */
  readonly priorityClassName?: string;
  /** Names of pull secrets, in the namespace of the pods. @default none: images are public */
  readonly imagePullSecrets?: readonly pulumi.Input<string>[];
  /** Storage class of volume claims. @default the cluster's own default */
  readonly storageClass?: string;
  /**
   * When a node asks the registry. `Always` costs a look-up at each start, and in return a tag that was moved is noticed
   * and a pull secret is checked; a cluster whose images were loaded by hand needs `IfNotPresent`.
   *
   * @default "Always"
   */
  readonly imagePullPolicy?: "Always" | "IfNotPresent";
  /** Whether volume claims outlive their StatefulSet. @default true */
  readonly retainClaims?: boolean;
}
