import type { PipelinePlan } from "../model/plan/plan";
import type { PlatformFacts } from "../model/platform-facts";

/**
 * A platform that has whatever a document can ask for: whether one is good is a question that no cluster is asked. A
 * number of copies that a document leaves open stays open in its plan.
 */
export const anyPlatform: PlatformFacts = {
  kafka: { brokerCount: 32, defaultReplicationFactor: 3 },
  gpu: { resourceName: "nvidia.com/gpu" },
  consumerLag: { source: "keda" },
};

/**
 * The platform on which capacity is counted: brokers as a stack has them by default, or as many as one of the plans needs
 * for the copies that it states.
 */
export function usualPlatform(plans: readonly PipelinePlan[]): PlatformFacts {
  const copies = plans.flatMap(({ topics }) => topics.map(({ replicationFactor }) => replicationFactor ?? 1));
  return { ...anyPlatform, kafka: { ...anyPlatform.kafka, brokerCount: Math.max(3, ...copies) } };
}
