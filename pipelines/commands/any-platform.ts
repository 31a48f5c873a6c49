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
