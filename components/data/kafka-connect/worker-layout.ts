/** Where a worker finds what it needs. */
export interface WorkerPaths {
  /** Folders in which images keep Kafka, with `libs` below; the first that exists is taken. */
  readonly homes: readonly string[];
  /** Folders of plugins; those that don't exist are skipped. */
  readonly plugins: readonly string[];
  /** Folder of the rendered configuration. */
  readonly configuration: string;
  /** Folder with `jaas-config`, and `ca.crt` where the brokers' authority is no public one. */
  readonly credentials: string;
  /** Folder with one folder for each Secret that the connector's options refer to. */
  readonly secrets: string;
}

/**
 * Where the pods have it. Kafka is in `/opt/kafka` of the images of Apache and Strimzi, and in `/kafka` of Debezium's;
 * plugins are where the last two keep them.
 */
export const workerPaths: WorkerPaths = {
  homes: ["/opt/kafka", "/kafka"],
  plugins: ["/opt/kafka/plugins", "/kafka/connect"],
  configuration: "/etc/kafka-connect/configuration",
  credentials: "/etc/kafka-connect/credentials",
  secrets: "/etc/kafka-connect/secrets",
};

/** Names of the rendered files in {@link WorkerPaths.configuration}. */
export const workerFiles = {
  worker: "worker.properties",
  logging: "log4j2.properties",
  metrics: "metrics.yaml",
  start: "start.sh",
} as const;
