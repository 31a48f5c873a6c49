import type { Amount } from "../values/amount";

/** How much of something there is when all is quiet, and when most is asked for. */
export interface AmountRange {
  /** With the fewest replicas, while nothing is updated. */
  readonly least: Amount;
  /** With the most replicas, while all of them are replaced by an update. */
  readonly most: Amount;
}

/**
 * Amounts by what a ResourceQuota calls them: `pods`, `persistentvolumeclaims`, `requests.storage`, and `requests.{resource}`
 * and `limits.{resource}` for each resource of containers, such as `requests.cpu` or `requests.nvidia.com/gpu`. Sorted.
 */
export type QuotaUse = Readonly<Record<string, AmountRange>>;

/** What one component takes of the cluster. */
export interface ComponentCapacity {
  /** `name` of the ComponentPlan. */
  readonly component: string;
  readonly use: QuotaUse;
}

/** What one topic takes of Kafka. */
export interface TopicCapacity {
  readonly topic: string;
  /** `name` of the ComponentPlan that writes it. */
  readonly component: string;
  readonly partitions: number;
  /** Partitions with all their copies: Kafka's partition replicas. */
  readonly copies: number;
  readonly storage: TopicStorage;
}

/** The most bytes that the copies of a topic hold together, or why nobody can say. */
export type TopicStorage =
  | {
      readonly bytes: Amount;
      /** `rate`: load × retention.ms × copies. `retentionBytes`: retention.bytes × partitions × copies, which is less, or all that is known. */
      readonly rule: "rate" | "retentionBytes";
    }
  | {
      readonly bytes?: undefined;
      /** `noRate`: no load is stated. `keptForEver`: neither retention bounds it. `compacted`: it holds one message for each key. */
      readonly rule: "noRate" | "keptForEver" | "compacted";
    };

/** What topics take of Kafka together. */
export interface KafkaUse {
  readonly topics: number;
  readonly partitions: number;
  /** Partitions with all their copies. */
  readonly copies: number;
  /** Most bytes of the topics whose size is known, copies included. */
  readonly bytes: Amount;
  /** Topics whose size nobody can say. */
  readonly topicsOfUnknownSize: number;
}

/** What a pipeline takes of the cluster and of Kafka, part by part and in all. */
export interface PipelineCapacity {
  /** Sorted by name. */
  readonly components: readonly ComponentCapacity[];
  /** Sorted by name. */
  readonly topics: readonly TopicCapacity[];
  readonly use: QuotaUse;
  readonly kafka: KafkaUse;
}

/** What falls to each broker when partitions are spread evenly, as Kafka spreads them; rounded up. */
export interface BrokerUse {
  readonly brokers: number;
  /** Partitions that it leads. */
  readonly leaders: number;
  /** Partitions of which it has a copy, those that it leads included. */
  readonly copies: number;
  readonly bytes: Amount;
}
