/** A JSON value: what a configuration document is made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A configuration document: rendered as JSON with sorted keys. */
export type JsonObject = Readonly<Record<string, Json>>;

/** Labels that all objects of a deployment share; each value is a valid label value (63 characters). */
export interface DeploymentLabels {
  readonly "app.kubernetes.io/part-of": "algo.run";
  readonly "algo.run/pipeline-deployment": string;
  readonly "algo.run/pipeline": string;
}

/** A place in a document. */
export interface DocumentPosition {
  /** File as it was given to the loader. */
  readonly file: string;
  /** First line is 1. */
  readonly line: number;
}

/** What every component has, whatever its kind. */
export interface WorkloadPlan {
  /** Kubernetes name inside the namespace: a DNS label of at most 50 characters, from owner, name, version
   * and index, never from a position in a list. Unique in the plan. */
  readonly name: string;
  /** The deployment's labels, and those of this component. Nothing in them changes with the image. */
  readonly labels: Readonly<Record<string, string>>;
  readonly identity: IdentityPlan;
  /** Number of pods; the first number of pods when `autoscaling` is present. At least 1. */
  readonly replicas: number;
  readonly autoscaling?: AutoscalingPlan;
  /** Of its main container: nothing that Kubernetes would have to guess is missing. */
  readonly resources: ResourcesPlan;
  readonly resourcesBecause: ResourcesReason;
  /** As stated by the document; undefined means the default of this kind of component. */
  readonly livenessProbe?: ProbePlan;
  /** As stated by the document; undefined means the default of this kind of component. */
  readonly readinessProbe?: ProbePlan;
  /** Port that serves /metrics in the Prometheus format; undefined when nothing of ours runs in the pod. */
  readonly metricsPort?: number;
  readonly network: NetworkPlan;
}

/** Who a component is to Kafka, and all that it may do there. */
export interface IdentityPlan {
  /** SCRAM user: `{owner}.{name}.{component}`. Unique over all deployments. */
  readonly username: string;
  /**
   * Its only consumer group: `algorun.{owner}.{name}.{component}`, where an algo leaves its version out, so that a new
   * version goes on where the old one was; as Kafka Connect names that of a sink, `connect-{owner}.{name}.{component}`;
   * or `algorun.{owner}.{name}.{component}.schema-history` of a source that keeps such a history.
   * Undefined when it reads nothing.
   */
  readonly consumerGroup?: string;
  /** Group by which the workers of a data connector find each other; they consume nothing in it. */
  readonly workerGroup?: string;
  /**
   * `{username}.`, with which the transactional ids of its instances begin: it writes results and how far it has read
   * together or not at all. It stays while users change with their passwords, so that a successor shuts its predecessor
   * out. Undefined when it has no runner of ours.
   */
  readonly transactionalIdPrefix?: string;
  /** Topics that it may read, sorted. */
  readonly reads: readonly string[];
  /** Topics that it may write, sorted. */
  readonly writes: readonly string[];
}

/** What the pipes imply for network policies. All that is not listed is denied. */
export interface NetworkPlan {
  readonly ingress: readonly IngressPlan[];
  readonly egress: readonly EgressPlan[];
}

/** Who may connect to a component. */
export interface IngressPlan {
  /** `gateway`: Ambassador. `observability`: Prometheus. */
  readonly from: "gateway" | "observability";
  readonly port: number;
}

/**
 * Where a component may connect to. `mediaStreams` is the platform's RTMP server; `webhook` is a host and a port
 * of a webhook, as a rule outside the cluster; `issuer` is where the issuer of callers' tokens publishes its keys, and
 * `external` a system that a data connector works with.
 */
export type EgressPlan =
  | { readonly to: "kafka" }
  | { readonly to: "objectStorage" }
  | { readonly to: "mediaStreams" }
  | { readonly to: "webhook" | "issuer" | "external"; readonly host: string; readonly port: number };

/**
 * Where resources come from: the document states them, the stack's `pipelineDefaults` do, or they are the default of this
 * kind of container.
 */
export type ResourcesReason = "stated" | "stack" | "default";

/** A container image. */
export interface ImagePlan {
  /** `repository:tag`, `repository@digest`, or `repository:tag@digest`. */
  readonly reference: string;
  /** Undefined means Kubernetes' own default. */
  readonly pullPolicy?: "Always" | "IfNotPresent" | "Never";
}

/** Quantities by resource name (`cpu`, `memory`, …), sorted by name. */
export interface ResourcesPlan {
  readonly limits: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, string>>;
}

/** A HorizontalPodAutoscaler (autoscaling/v2); a ScaledObject of KEDA's when a metric is `ConsumerLag`. */
export interface AutoscalingPlan {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Sorted, never empty: without any in the document it is CPU at 80 % of the request. */
  readonly metrics: readonly ScaleMetricPlan[];
}

/**
 * What the number of pods follows. `ConsumerLag` is only there when the platform has KEDA, and then only beside
 * `Resource`.
 */
export type ScaleMetricPlan =
  | {
      readonly source: "ConsumerLag";
      readonly consumerGroup: string;
      readonly topic: string;
      /** Messages that a pod may be behind; at least 1. */
      readonly lagPerPod: number;
    }
  | { readonly source: "Resource"; readonly resource: string; readonly target: ScaleTargetPlan }
  | {
      readonly source: "Pods" | "External";
      readonly metric: MetricIdentityPlan;
      readonly target: ScaleTargetPlan;
    }
  | {
      readonly source: "Object";
      readonly metric: MetricIdentityPlan;
      readonly object: { readonly apiVersion: string; readonly kind: string; readonly name: string };
      readonly target: ScaleTargetPlan;
    };

/** A metric, and labels that narrow it. */
export interface MetricIdentityPlan {
  readonly name: string;
  readonly matchLabels?: Readonly<Record<string, string>>;
}

/** The value that the autoscaler aims at. */
export type ScaleTargetPlan =
  | { readonly type: "Utilization"; readonly averageUtilization: number }
  | { readonly type: "AverageValue"; readonly averageValue: string }
  | { readonly type: "Value"; readonly value: string };

/** A Kubernetes probe; exactly one of `exec`, `httpGet` and `tcpSocket` is present. */
export interface ProbePlan {
  readonly exec?: { readonly command: readonly string[] };
  readonly httpGet?: {
    readonly port: number | string;
    readonly path?: string;
    readonly host?: string;
    readonly scheme?: "HTTP" | "HTTPS";
    readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
}
