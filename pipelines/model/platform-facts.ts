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
}
