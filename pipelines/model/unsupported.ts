import type { DocumentSource, PathStep, ProblemReport } from "./problem";
import type { DeploymentSpec, TopicSpec } from "./schema-pipeline";

/** Reports by name whatever a deployment asks for that this release does not do. */
export function reportUnsupported(spec: DeploymentSpec, source: DocumentSource, report: ProblemReport): void {
  const refuse = (path: readonly PathStep[], message: string): void => {
    report.error(source, ["spec", ...path], message);
  };
  spec.dataConnectors.forEach((_, index) => {
    refuse(
      ["dataConnectors", index],
      "data connectors are not supported by this release: remove the connector, and move data in and out of the topics with a connector of your own",
    );
  });
  spec.endpoint?.paths.forEach((path, index) => {
    const at = ["endpoint", "paths", index];
    if (path.topic !== undefined) refuseTopicRetry(path.topic, [...at, "topic"], refuse);
  });
  spec.algos.forEach((algo, index) => {
    const at = ["algos", index];
    if (algo.retryEnabled === true) {
      refuse(
        [...at, "retryEnabled"],
        "retries are not supported by this release: remove retryEnabled and retryStrategy",
      );
    }
    if (algo.retryStrategy !== undefined) {
      refuse(
        [...at, "retryStrategy"],
        `the retry strategy ${algo.retryStrategy.strategy} is not supported by this release: remove retryStrategy`,
      );
    }
    algo.topics.forEach((topic, topicIndex) => {
      refuseTopicRetry(topic, [...at, "topics", topicIndex], refuse);
    });
  });
}

function refuseTopicRetry(
  topic: TopicSpec,
  at: readonly PathStep[],
  refuse: (path: readonly PathStep[], message: string) => void,
): void {
  if (topic.overrideRetryStrategy === true) {
    refuse(
      [...at, "overrideRetryStrategy"],
      "retries are not supported by this release: remove overrideRetryStrategy",
    );
  }
  if (topic.retryStrategy !== undefined) {
    refuse(
      [...at, "retryStrategy"],
      `the retry strategy ${topic.retryStrategy.strategy} is not supported by this release: remove retryStrategy`,
    );
  }
}
