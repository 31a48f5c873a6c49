import { kafkaFacts } from "./components/data/kafka/kafka-facts";
import { bucketPrefix } from "./components/data/object-storage/bucket-name";
import type { PlatformOutput } from "./components/remote/platform-output";
import type { Settings } from "./config/settings-schema";
import type { PlatformFacts } from "./pipelines/model/platform-facts";

/**
 * What the planner is told of a platform.
 *
 * @param remote - what another stack told that makes it; undefined: the stack's own config describes it
 */
export function platformFacts(settings: Settings, remote?: PlatformOutput): PlatformFacts {
  const { pipelineDefaults, capacity } = settings;
  return { ...(remote?.facts ?? describedFacts(settings)), pipelineDefaults, capacity };
}

function describedFacts(settings: Settings): PlatformFacts {
  const { kafka, gpu, consumerLag, ambassador } = settings;
  return {
    kafka: kafkaFacts(kafka),
    bucketPrefix: bucketPrefix(settings),
    gpu,
    consumerLag,
    edge: { hostname: ambassador.hostname },
  };
}
