import type { CapacityLimits } from "./capacity/capacity-limits";
import type { ContainerResources, ContainerSize } from "./values/container-resources";

/** What the planner must know of the platform that the pipelines will run on. */
export interface PlatformFacts {
  readonly kafka: {
    /** `host:port` list that pods bootstrap from; undefined when it is not known before deployment. */
    readonly bootstrapServers?: string;
    /** Number of brokers: no topic can have more replicas. */
    readonly brokerCount: number;
    /** Replication factor of a topic whose document gives none. */
    readonly defaultReplicationFactor: number;
    /** Size of each broker's volume, as a quantity; undefined when somebody else runs Kafka. */
    readonly brokerStorageSize?: string | undefined;
  };
  /** What pipelines may take. @default no limits */
  readonly capacity?: CapacityLimits | undefined;
  /** Resources of containers whose document states none. */
  readonly pipelineDefaults?: PipelineDefaults;
  /** Begins the names of buckets, where these must be unique in the world. @default nothing */
  readonly bucketPrefix?: string;
  /** Undefined when no node has a GPU: then no algo can have one. */
  readonly gpu?: GpuFacts | undefined;
  /** Who measures how far behind a consumer is; undefined: nobody. */
  readonly consumerLag?: ConsumerLagFacts | undefined;
  /** The edge for HTTP and gRPC; undefined when it is not known before deployment. */
  readonly edge?: {
    /** Host name that it answers for; may begin or end with `*`. */
    readonly hostname: string;
  };
}

/** Requests and limits of containers whose document states none. */
export interface PipelineDefaults {
  /** @default "small" */
  readonly endpoint?: ContainerSize | ContainerResources | undefined;
  /** @default "small" */
  readonly algo?: ContainerSize | ContainerResources | undefined;
  /** The runner beside an algo's server; no document states it. @default "small" */
  readonly runner?: ContainerSize | ContainerResources | undefined;
  /** A worker of Kafka Connect. @default "medium" */
  readonly dataConnector?: ContainerSize | ContainerResources | undefined;
  /** @default "small" */
  readonly eventHook?: ContainerSize | ContainerResources | undefined;
}

/**
 * `keda`: KEDA runs in the cluster and asks Kafka itself. `metric`: the external metrics API has a metric with a label
 * for the consumer group and one for the topic, as an exporter and an adapter of Prometheus give it.
 */
export type ConsumerLagFacts =
  | { readonly source: "keda" }
  | {
      readonly source: "metric";
      readonly metricName: string;
      readonly groupLabel: string;
      readonly topicLabel: string;
    };

/** GPUs as the platform's nodes offer them. */
export interface GpuFacts {
  /** Resource that the nodes' device plugin counts, such as `nvidia.com/gpu`. */
  readonly resourceName: string;
}
