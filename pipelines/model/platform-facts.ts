/** What the planner must know of the platform that the pipelines will run on. */
export interface PlatformFacts {
  readonly kafka: {
    /** `host:port` list that pods bootstrap from; undefined when it is not known before deployment. */
    readonly bootstrapServers?: string;
    /** Number of brokers: no topic can have more replicas. */
    readonly brokerCount: number;
    /** Replication factor of a topic whose document gives none. */
    readonly defaultReplicationFactor: number;
  };
  /** Undefined when no node has a GPU: then no algo can have one. */
  readonly gpu?: GpuFacts | undefined;
}

/** GPUs as the platform's nodes offer them. */
export interface GpuFacts {
  /** Resource that the nodes' device plugin counts, such as `nvidia.com/gpu`. */
  readonly resourceName: string;
}
