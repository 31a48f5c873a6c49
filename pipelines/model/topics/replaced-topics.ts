import type { LinkedDeployment } from "../link/link";
import type { ProblemReport } from "../document/problem";
import { checkedName } from "./topic-name";
import type { TopicOutput } from "./topic-outputs";
import type { PlannedTopic } from "./topic-plans";

/** The topics that an output had before, as they are: their readers finish them, and nobody writes them any more. */
export function planReplaced(
  { topic, at, described }: TopicOutput,
  current: PlannedTopic,
  { data, id, source }: LinkedDeployment,
  report: ProblemReport,
): readonly PlannedTopic[] {
  return (topic?.replaces ?? []).map(({ topicName: stated, partitions }, index) => {
    const nameAt = [...at, "replaces", index, "topicName"];
    return {
      ...current,
      plan: {
        ...current.plan,
        purpose: "replaced",
        name: checkedName(stated, data, (message) => {
          report.error(source, nameAt, message);
        }),
        nameBecause: "stated",
        partitions,
        partitionsBecause: { rule: "stated" },
      },
      writtenBy: `what was the topic of ${described} of ${id}`,
      nameAt,
    };
  });
}
