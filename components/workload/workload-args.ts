import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../component";
import type { NetworkAddress } from "../platform-services";
import type { KedaResourceArgs, ScaledObjectSpec, ScaleTrigger } from "./keda";
import type { PodArgs } from "./pod-args";
import type { PodDefaults } from "./pod-defaults";

/** What every workload is told, whether it is a Deployment, a StatefulSet or a Job. */
export interface WorkloadArgs extends PodArgs {
  /** Namespace of every object. */
  readonly namespace: pulumi.Input<string>;
  /**
   * Name of every object, and the value of `app.kubernetes.io/instance`, by which Services, budgets and policies find
   * the pods. Unique in the namespace. @default the component's logical name
   */
  readonly name?: string;
  /** What the workload is, in labels. */
  readonly app: AppLabels;
  /** Labels of every object beside the usual ones. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What the environment decides. @default nothing */
  readonly defaults?: PodDefaults;
  /**
   * Names of all workloads, this one among them, whose pods are one system: they keep apart from each other, and the
   * disruption budget of one of them counts all.
   *
   * @default this one alone
   */
  readonly members?: readonly string[];
  /** Where the pods may connect to, beside cluster DNS. @default nowhere */
  readonly egress?: readonly NetworkAddress[];
}

/** The recommended labels that differ from workload to workload. */
export interface AppLabels {
  /** `app.kubernetes.io/name`: the program, such as `valkey`. */
  readonly name: string;
  /** `app.kubernetes.io/component`: its part in the architecture, such as `cache`. */
  readonly component: string;
  /** `app.kubernetes.io/version`. @default no such label */
  readonly version?: string | undefined;
}

/** What Deployments and StatefulSets have beside pods. */
export interface ServingWorkloadArgs extends WorkloadArgs {
  /** Number of pods. @default 1 */
  readonly replicas?: number;
  /** Makes the number of pods follow the load; `replicas` is then only the first number. @default fixed */
  readonly autoscaling?: AutoscalingArgs;
  /** Services. @default one with every declared port, named after the workload; none without ports */
  readonly services?: readonly ServiceArgs[];
  /** How many pods may be down on purpose at once; false: somebody else makes the budget. @default 1 */
  readonly maxUnavailable?: number | string | false;
  /** Seconds that a new pod must be ready before it counts. @default 0 */
  readonly minReadySeconds?: number;
}

/** A Service of a workload. */
export interface ServiceArgs {
  /** What the Service's name has behind the workload's; "" gives it the same. @default "" */
  readonly suffix?: string;
  /** Names of the declared ports that it offers. @default all */
  readonly ports?: readonly string[];
  /** Name of the workload whose pods it leads to, where they have ports of the same names. @default its own */
  readonly leadsTo?: string;
  /** @default "ClusterIP" */
  readonly type?: "ClusterIP" | "NodePort" | "LoadBalancer";
  /** Whether names resolve to pods instead of a virtual address. @default false */
  readonly headless?: boolean;
  /** Whether pods are found before they are ready. @default false */
  readonly publishNotReadyAddresses?: boolean;
  /** Such as what a cloud's load balancer is told. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** `Local` keeps the client's address. @default "Cluster" */
  readonly externalTrafficPolicy?: "Cluster" | "Local";
  /** CIDR blocks that a load balancer lets in. @default all */
  readonly loadBalancerSourceRanges?: readonly string[];
}

/** How the number of pods follows the load. */
export interface AutoscalingArgs {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** What a HorizontalPodAutoscaler follows. @default CPU at 80 % of the request */
  readonly metrics?: readonly k8s.types.input.autoscaling.v2.MetricSpec[];
  /** What KEDA follows; then the autoscaler is KEDA's, and `metrics` is nobody's. @default none */
  readonly triggers?: readonly ScaleTrigger[];
}

/** A caller's last word on the objects that all workloads have. */
export interface WorkloadTransforms {
  readonly serviceAccount?: Transform<k8s.core.v1.ServiceAccountArgs>;
  readonly networkPolicy?: Transform<k8s.networking.v1.NetworkPolicyArgs>;
}

/** A caller's last word on the objects of a Deployment or StatefulSet. */
export interface ServingTransforms extends WorkloadTransforms {
  readonly service?: Transform<k8s.core.v1.ServiceArgs>;
  readonly disruptionBudget?: Transform<k8s.policy.v1.PodDisruptionBudgetArgs>;
  readonly autoscaler?: Transform<k8s.autoscaling.v2.HorizontalPodAutoscalerArgs>;
  readonly scaledObject?: Transform<KedaResourceArgs<ScaledObjectSpec>>;
}
