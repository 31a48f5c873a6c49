import type { PipelinePlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import { bytesText } from "../values/amount";
import type { KafkaUse, PipelineCapacity, QuotaUse } from "./capacity";
import { advisedPartitions, type QuotaLimits } from "./capacity-limits";
import { pipelineCapacity } from "./pipeline-capacity";
import { quotaText } from "./quota-text";
import { brokerUse, sumOfKafka, sumOfUses } from "./sums";

/** What pipelines take, as plain data: quantities are texts in Kubernetes' notation. */
export interface CapacityStatement {
  /** By the names of a ResourceQuota, sorted. */
  readonly cluster: Readonly<Record<string, UseStatement>>;
  readonly kafka: KafkaStatement;
}

/** With the fewest replicas, with the most while an update replaces them, and what the stack allows, if it says so. */
export interface UseStatement {
  readonly least: string;
  readonly most: string;
  readonly limit?: string;
}

/** What topics take of Kafka. */
export interface KafkaStatement extends Omit<KafkaUse, "bytes"> {
  /** Of the topics whose size is known, copies included. */
  readonly bytes: string;
}

/** What a stack's pipelines take: each, all together, and what of that falls to each broker. */
export interface StackCapacityStatement {
  /** By id. */
  readonly pipelines: Readonly<Record<string, CapacityStatement>>;
  readonly allPipelines: CapacityStatement;
  readonly eachBroker: {
    readonly brokers: number;
    readonly leaders: number;
    readonly copies: number;
    readonly bytes: string;
    /** Most copies of partitions; without a limit of the stack's, what is generally advised. */
    readonly partitionsLimit: number;
    /** Room for bytes, where it is known. */
    readonly storageLimit?: string;
  };
}

/** What plans take of a platform. */
export function capacityStatement(
  plans: readonly PipelinePlan[],
  facts: PlatformFacts,
): StackCapacityStatement {
  const counted = plans.map(({ id, ...plan }) => ({ id, capacity: pipelineCapacity(plan, facts) }));
  const use = sumOfUses(counted.map(({ capacity }) => capacity.use));
  const kafka = sumOfKafka(counted.map(({ capacity }) => capacity.kafka));
  const each = brokerUse(kafka, facts.kafka.brokerCount);
  const { eachPipeline, allPipelines, eachBroker } = facts.capacity ?? {};
  const storageLimit = eachBroker?.storage ?? facts.kafka.brokerStorageSize;
  return {
    pipelines: Object.fromEntries(
      counted.map(({ id, capacity }) => [id, statementOf(capacity, eachPipeline)]),
    ),
    allPipelines: statementOf({ use, kafka }, allPipelines),
    eachBroker: {
      ...each,
      bytes: bytesText(each.bytes),
      partitionsLimit: eachBroker?.partitions ?? advisedPartitions,
      ...(storageLimit !== undefined && { storageLimit }),
    },
  };
}

function statementOf(
  { use, kafka }: Pick<PipelineCapacity, "use" | "kafka">,
  limits: QuotaLimits = {},
): CapacityStatement {
  return { cluster: clusterStatement(use, limits), kafka: { ...kafka, bytes: bytesText(kafka.bytes) } };
}

function clusterStatement(use: QuotaUse, limits: QuotaLimits): CapacityStatement["cluster"] {
  return Object.fromEntries(
    Object.entries(use).map(([name, { least, most }]) => [
      name,
      {
        least: quotaText(name, least),
        most: quotaText(name, most),
        ...(limits[name] !== undefined && { limit: String(limits[name]) }),
      },
    ]),
  );
}
