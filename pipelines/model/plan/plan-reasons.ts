/** Why a topic has its number of partitions. */
export type PartitionsReason =
  | {
      /**
       * `stated`: the document gives the number. `default`: it describes the topic and gives none. `connect`: Kafka
       * Connect, or the connector, asks for it. `deadLetters`: one, since what a component gives up is little, and in no
       * order.
       */
      readonly rule: "stated" | "default" | "connect" | "deadLetters";
    }
  | {
      /**
       * The number follows the readers: because of `autoPartition: true` (`autoPartition`), or because the document
       * does not describe the topic (`undescribed`).
       */
      readonly rule: "autoPartition" | "undescribed";
      /** The components that read the topic, in the order in which they are counted. */
      readonly readers: readonly PartitionDemand[];
      /** 1, and what each reader adds; the number of partitions is half as much again, rounded. */
      readonly sum: number;
    }
  | {
      /** A retry or dead-letter topic has the partitions of the topic whose messages it takes. */
      readonly rule: "retryOf";
      /** Name of that topic. */
      readonly topic: string;
    };

/** What one reading component adds to the partitions of a topic. */
export interface PartitionDemand {
  /** `name` of the ComponentPlan. */
  readonly component: string;
  /** The most replicas that it can have. */
  readonly replicas: number;
  /** The larger of its replicas and the sum so far. */
  readonly adds: number;
}

/** Why a parameter of a topic has its value. */
export type ParameterReason =
  /** The document states it. */
  | { readonly rule: "stated" }
  /** `min.insync.replicas` follows from the number of copies. */
  | { readonly rule: "copies"; readonly copies: number }
  /** It serves another topic, and has its value, or one that follows from it. */
  | { readonly rule: "served"; readonly topic: string }
  /** What a topic for retries, for dead letters, or for Kafka Connect must be like. */
  | { readonly rule: "retry" | "deadLetter" | "connect" };

/** Where a name comes from: the document states it, or it is made from owner, name and place. */
export type NameReason = "stated" | "automatic";
