/** What must not be exceeded; what is left out has no limit. */
export interface CapacityLimits {
  /** What each pipeline may take, by the names of a ResourceQuota, such as `requests.cpu`; quantities. */
  readonly eachPipeline?: QuotaLimits | undefined;
  /** What all pipelines of the stack together may take. */
  readonly allPipelines?: QuotaLimits | undefined;
  readonly eachBroker?: BrokerLimits | undefined;
}

/** Quantities by the names of a ResourceQuota. */
export type QuotaLimits = Readonly<Record<string, string | number>>;

/** What each broker may hold. */
export interface BrokerLimits {
  /** Copies of partitions. @default none; more than 4,000 are a warning */
  readonly partitions?: number | undefined;
  /** Quantity of bytes. @default the size of a broker's volume, where it is known */
  readonly storage?: string | undefined;
}

/**
 * How many copies of partitions a broker should not exceed: the general recommendation that KIP-578 quotes. More work,
 * while elections and restarts take longer and longer.
 */
export const advisedPartitions = 4000;
