/** Ports of a node, the same in every pod. */
export const kafkaPorts = {
  /** Pipelines and the platform's own clients. */
  clients: 9092,
  /** Brokers among themselves. */
  replication: 9091,
  /** The controllers' quorum, and brokers that follow it. */
  controller: 9093,
  /** Clients outside the cluster, where they are let in. */
  external: 9094,
} as const;

/** Users that exist from the first start on. Both may do everything. */
export const kafkaUsers = {
  /** Who administers topics, users and access: this program, and people. */
  administrator: "admin",
  /** What nodes are to each other. */
  node: "node",
} as const;

/** Where a node finds what it needs. */
export interface NodePaths {
  /** Folder of Kafka's jars. */
  readonly libraries: string;
  /** Folder of the rendered configuration. */
  readonly configuration: string;
  /** Folder with one file for each user, named after it, that holds the password. */
  readonly credentials: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`; empty without TLS. */
  readonly certificates: string;
  /** Folder of the logs: below the volume's root, where a file system keeps its own `lost+found`. */
  readonly data: string;
  /** Folder in memory, for what must not reach a disk. */
  readonly memory: string;
}

/** Where the image `apache/kafka` has its jars, and where the pods mount the rest. */
export const podPaths: NodePaths = {
  libraries: "/opt/kafka/libs",
  configuration: "/etc/kafka/configuration",
  credentials: "/etc/kafka/credentials",
  certificates: "/etc/kafka/certificates",
  data: "/var/lib/kafka/data/logs",
  memory: "/run/kafka",
};

/** Names of the rendered files in {@link NodePaths.configuration}. */
export const configurationFiles = {
  server: "server.properties",
  client: "client.properties",
  authority: "authority.pem",
  logging: "log4j2.properties",
  start: "start.sh",
  stop: "stop.sh",
} as const;

/**
 * A broker's number is that of its pod; a controller's is this much higher, so that the two never meet.
 * Written before the pod's number, not added to it: 100 and 2 make 1002.
 */
export const controllerIdPrefix = "100";

/** The most controllers that a quorum is made of: more vote slower and survive hardly more. */
export const mostControllers = 5;
