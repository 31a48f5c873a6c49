import { kafkaFacts } from "./components/data/kafka/kafka-facts";
import { bucketPrefix } from "./components/data/object-storage/bucket-name";
import type { Settings } from "./config/settings-schema";
import type { PlatformFacts } from "./pipelines/model/platform-facts";

/** What the planner is told of the platform that a stack's config describes. */
export function platformFacts(settings: Settings): PlatformFacts {
  const { kafka, gpu, consumerLag, ambassador, pipelineDefaults, capacity } = settings;
  return {
    kafka: kafkaFacts(kafka),
    bucketPrefix: bucketPrefix(settings),
    gpu,
    consumerLag,
    edge: { hostname: ambassador.hostname },
    pipelineDefaults,
    capacity,
  };
}
