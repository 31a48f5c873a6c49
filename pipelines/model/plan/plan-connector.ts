import type { ImagePlan, ResourcesPlan, WorkloadPlan } from "./plan-workload";

/** A data connector of the pipeline: a Kafka Connect cluster of its own, and one connector in it. */
export interface DataConnectorPlan extends WorkloadPlan {
  readonly kind: "dataConnector";
  readonly connector: {
    readonly name: string;
    readonly type: "Source" | "Sink";
    /** Version; decides the image, and is no part of the identity. */
    readonly versionTag: string;
    readonly index: number;
  };
  /** Most tasks that share the connector's work. */
  readonly tasksMax: number;
  /** Image of the workers; undefined means the platform's image of Kafka. */
  readonly image?: ImagePlan;
  /** Of the pod that registers the connector and ends, and of the one that restarts what fails of it. */
  readonly helperResources: ResourcesPlan;
  /** Path of Prometheus' JMX agent in the image; present when `metricsPort` is. */
  readonly metricsAgent?: string;
  /** Port of the workers' REST API, for the workers themselves and for what registers the connector. */
  readonly restPort: number;
  /** How what fails is restarted: without end, unless it says how often. Undefined: not at all. */
  readonly autoRestart?: { readonly maxRestarts?: number };
  /** Name that the connector is registered by. Unique over all deployments, as its consumer group follows from it. */
  readonly registeredName: string;
  /** Kafka Connect's own topics; all of them are among the plan's topics. */
  readonly internalTopics: ConnectTopics;
  /**
   * Options by which the connector itself, beside its workers, finds Kafka and logs in: the one with the brokers, and the
   * prefixes of those of its clients. Undefined: it does not.
   */
  readonly kafkaOptions?: { readonly bootstrapServers: string; readonly clientPrefixes: readonly string[] };
  /** What is registered but for those, sorted by name. */
  readonly config: Readonly<Record<string, ConnectorOption>>;
  /** Secrets that `config` refers to, sorted by name; they are others' to make. */
  readonly secrets: readonly MountedSecret[];
}

/** Names of the topics in which a Kafka Connect cluster keeps what it must not forget. */
export interface ConnectTopics {
  readonly configs: string;
  readonly offsets: string;
  readonly status: string;
}

/** A value of a connector's configuration: in clear, or a key of a Secret. */
export type ConnectorOption = string | { readonly secret: string; readonly key: string };

/** A Secret of the namespace, and the keys of it that are needed. */
export interface MountedSecret {
  readonly name: string;
  /** Sorted. */
  readonly keys: readonly string[];
}
