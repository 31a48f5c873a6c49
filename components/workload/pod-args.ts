import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerResources, ContainerSize } from "./container-resources";

/** The pods of a workload: what is particular to them. Everything that all pods have alike is added. */
export interface PodArgs {
  /** Containers that run side by side; at least one. */
  readonly containers: readonly ContainerArgs[];
  /** Containers that run before, in this order; one with `sidecar` starts before and keeps running. @default none */
  readonly initContainers?: readonly InitContainerArgs[];
  /** Volumes by name. `tmp` is always there, mounted at `/tmp`. @default none */
  readonly volumes?: Readonly<Record<string, VolumeArgs>>;
  /**
   * User and group of all processes and of the volumes. High, so that it is nobody's on the node; an image whose files
   * belong to a user of its own asks for that one, never for 0.
   *
   * @default 10001
   */
  readonly userId?: number;
  /** Group, where it is not that of the user's number. @default userId */
  readonly groupId?: number;
  /** Whether the containers may call the Kubernetes API: mounts a short-lived token and opens the way. @default false */
  readonly apiAccess?: boolean;
  /** Seconds between the request to stop and the end. @default 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Size that `/tmp` may grow to. @default "64Mi" */
  readonly tmpSizeLimit?: string;
  /** Which nodes the pods need, beside what the environment decides about every pod. @default any */
  readonly nodes?: NodeArgs;
  /**
   * How the pods of a Deployment or StatefulSet keep apart. `required`: each on a node of its own, and no zone has more
   * than one beyond another; a pod for which there is no such place waits, rather than being lost with another.
   *
   * @default "preferred": where it is possible
   */
  readonly spread?: "preferred" | "required";
  /** Annotations of the pods. @default none */
  readonly podAnnotations?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Anything beside `volumes` whose change must replace the pods, such as the content of a foreign Secret. @default nothing */
  readonly rollOn?: pulumi.Input<unknown>;
}

/** Nodes that some pods need and others don't, such as those with GPUs. */
export interface NodeArgs {
  /** Labels that a node must have. @default none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that are no obstacle. @default none */
  readonly tolerations?: readonly k8s.types.input.core.v1.Toleration[];
  /** Class of the container runtime that knows the nodes' devices. @default the node's own runtime */
  readonly runtimeClassName?: string;
  /** Name of a workload whose node it must be, such as one whose volume is read. @default any node */
  readonly besidePodsOf?: string;
  /** Name of a workload whose nodes it must not be on, such as one whose volume is written. @default any node */
  readonly awayFromPodsOf?: string;
}

/** One container. */
export interface ContainerArgs {
  /** Unique in the pod. */
  readonly name: string;
  /** Full reference with a version. */
  readonly image: pulumi.Input<string>;
  /** Overrides the environment's choice. @default that of PodDefaults */
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Replaces the image's entry point. @default the image's */
  readonly command?: readonly pulumi.Input<string>[];
  /** Arguments of the entry point; no place for secrets. @default the image's */
  readonly args?: readonly pulumi.Input<string>[];
  /** Plain variables; no place for secrets. @default none */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables from fields of the pod, such as `metadata.name`. @default none */
  readonly fieldEnv?: Readonly<Record<string, string>>;
  /** Variables from Secrets, for programs that read a secret in no other way; a file is better. @default none */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** Ports that it listens on: Services, probes and network policy follow from them. @default none */
  readonly ports?: readonly PortArgs[];
  /** Whether it lives, whether it may get work, whether it has started. Ports are given by name. */
  readonly probes?: ProbesArgs;
  /** Requests and limits, or a size; what is left out is filled in. @default "small" */
  readonly resources?: ContainerSize | ContainerResources;
  /** Where volumes appear in the container. @default none */
  readonly mounts?: readonly MountArgs[];
  /** What runs before the container is told to stop. @default nothing */
  readonly preStop?: k8s.types.input.core.v1.LifecycleHandler;
  /** @default the image's */
  readonly workingDirectory?: string;
}

/** A container that runs before the others. */
export interface InitContainerArgs extends ContainerArgs {
  /** Whether it keeps running beside the others (a native sidecar), and stops after them. @default false */
  readonly sidecar?: boolean;
}

/** A key of a Secret in the namespace of the pods. */
export interface SecretKey {
  readonly secret: pulumi.Input<string>;
  readonly key: string;
}

/** A port, declared once. */
export interface PortArgs {
  /** Unique in the pod, at most 15 of `a-z 0-9 -`. */
  readonly name: string;
  /** Number in the container, above 1024: our processes may not bind lower ones. */
  readonly port: number;
  /** Number at the Service. @default port */
  readonly servicePort?: number;
  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP";
  /** Who may connect, from anywhere or by peer. @default pods of the same workload */
  readonly clients?: "anyone" | readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
}

/** The probes of a container; the liveness probe must ask less than the readiness probe. */
export interface ProbesArgs {
  /** Failing restarts the container. */
  readonly liveness?: k8s.types.input.core.v1.Probe;
  /** Failing takes the pod out of its Services. */
  readonly readiness?: k8s.types.input.core.v1.Probe;
  /** Until it succeeds the other two wait. */
  readonly startup?: k8s.types.input.core.v1.Probe;
}

/** Where a volume appears. */
export interface MountArgs {
  /** Name of a volume or of a claim. */
  readonly volume: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** One file or folder of the volume. @default all of it */
  readonly subPath?: string;
  /** @default true for files, Secrets and ConfigMaps, false for the rest */
  readonly readOnly?: boolean;
}

/** Where a volume's content comes from. */
export type VolumeArgs =
  /** A ConfigMap of the workload's own, from file names to contents; a change replaces the pods. */
  | { readonly files: Readonly<Record<string, pulumi.Input<string>>> }
  /** A Secret of the workload's own, from file names to contents; a change replaces the pods. */
  | { readonly secretFiles: Readonly<Record<string, pulumi.Input<string>>> }
  /** A ConfigMap that somebody else makes. */
  | { readonly configMap: pulumi.Input<string> }
  /** ConfigMaps whose files come and go while the pods run; their names never clash. */
  | { readonly configMaps: readonly pulumi.Input<string>[] }
  /** A Secret that somebody else makes, or from key to file name some of its keys. */
  | { readonly secret: pulumi.Input<string>; readonly items?: Readonly<Record<string, string>> }
  /** Room on the node that is gone with the pod. */
  | { readonly emptyDir: { readonly sizeLimit: string; readonly medium?: "Memory" } }
  /** A claim that somebody else makes. */
  | { readonly claim: pulumi.Input<string> }
  /** A volume that is made for the pod and gone with it: for more than a node has room for. */
  | { readonly scratch: ClaimArgs }
  /** A token of the pod's own account for somebody who is not the Kubernetes API, as the file `token`. */
  | { readonly serviceAccountToken: { readonly audience: string } }
  /** Fields of the pod as files, from file name to field. */
  | { readonly podFields: Readonly<Record<string, string>> };

/** A volume claim of each pod of a StatefulSet. */
export interface ClaimArgs {
  /** Quantity. */
  readonly size: string;
  /** @default that of PodDefaults */
  readonly storageClass?: string;
}
