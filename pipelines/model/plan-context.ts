import type { LagReader } from "./workloads/consumer-lag";
import type { LinkedDeployment } from "./link/link";
import type { DeploymentLabels, EgressPlan, IdentityPlan } from "./plan/plan";
import type { PlatformFacts } from "./platform-facts";
import type { ProblemReport } from "./document/problem";
import type { TopicPlans } from "./topics/topic-plans";

/** What the planners of one deployment's components share. */
export interface PlanContext {
  readonly linked: LinkedDeployment;
  readonly facts: PlatformFacts;
  readonly labels: DeploymentLabels;
  readonly topics: TopicPlans;
  /** Name of the bucket, when any message is carried by reference. */
  readonly bucket?: string;
  readonly report: ProblemReport;
}

/**
 * Who a component is to Kafka: it may read what is piped into it and write what it produces; where it retries, it may
 * also write and read its retry topics and write its dead letters; and nothing else.
 *
 * @param consumer what the consumer group is named after, which must outlive new versions; default the component's name
 */
export function planIdentity(
  { linked, topics }: PlanContext,
  component: string,
  consumer = component,
): IdentityPlan {
  const reads = topics.readBy(component);
  return {
    username: `${linked.id}.${component}`,
    consumerGroup: reads.length === 0 ? undefined : `algorun.${linked.data.id}.${consumer}`,
    reads,
    writes: topics.writtenBy(component),
  };
}

/** What a component reads from pipes, for an autoscaler that follows its lag. */
export function lagReader(
  { facts, topics }: PlanContext,
  component: string,
  { consumerGroup }: IdentityPlan,
): LagReader {
  return { lag: facts.consumerLag, consumerGroup, topics: topics.into(component) };
}

/** Kafka, and object storage if the component reads or writes messages by reference. */
export function planDataEgress({ topics }: PlanContext, component: string): readonly EgressPlan[] {
  const { reads, writes } = topics.usesStorage(component);
  return reads || writes ? [{ to: "kafka" }, { to: "objectStorage" }] : [{ to: "kafka" }];
}

/** Who and what a configuration document belongs to: the same beginning in all of them. */
export function configHeader({ linked: { spec } }: PlanContext): {
  readonly deployment: { readonly owner: string; readonly name: string };
  readonly pipeline: { readonly owner: string; readonly name: string; readonly versionTag: string };
} {
  return {
    deployment: { owner: spec.deploymentOwner, name: spec.deploymentName },
    pipeline: { owner: spec.pipelineOwner, name: spec.pipelineName, versionTag: spec.pipelineVersionTag },
  };
}
