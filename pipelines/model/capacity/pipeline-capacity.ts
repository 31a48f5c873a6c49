import type { PipelinePlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import type { PipelineCapacity } from "./capacity";
import { componentCapacity } from "./component-capacity";
import { kafkaUse, sumOfUses } from "./sums";
import { topicCapacity } from "./topic-capacity";

/**
 * What a pipeline takes of the cluster and of Kafka.
 *
 * Counted are its components' pods with all their containers, the Jobs that register connectors, the volumes of
 * write-ahead logs, and its topics. Not counted are objects in buckets, whatever a program's transforms add, and what
 * Kafka keeps beyond a retention until a segment is full.
 */
export function pipelineCapacity(
  plan: Pick<PipelinePlan, "components" | "topics">,
  facts: PlatformFacts,
): PipelineCapacity {
  const components = plan.components.map(componentCapacity);
  const topics = plan.topics.map((topic) => topicCapacity(topic, facts));
  return {
    components,
    topics,
    use: sumOfUses(components.map(({ use }) => use)),
    kafka: kafkaUse(topics),
  };
}
