import type { LinkedDeployment } from "../link/link";
import type { ProblemReport } from "../document/problem";
import { defaultTopicName, fillTopicName, topicNameFault } from "../values/names";
import type { TopicOutput } from "./topic-outputs";

/** A stated name with its placeholders filled in; a fault is handed over. */
export function checkedName(
  stated: string,
  { owner, name }: LinkedDeployment["data"],
  refuse: (message: string) => void,
): string {
  const filled = fillTopicName(stated, owner, name);
  const fault = topicNameFault(filled);
  if (fault !== undefined) refuse(`found ${JSON.stringify(stated)}, with ${fault}`);
  return filled;
}

/** Name of the topic of an output: stated, or automatic. */
export function topicName(
  output: TopicOutput,
  { data, source }: LinkedDeployment,
  report: ProblemReport,
): string {
  const { owner, name } = data;
  const stated = output.topic?.topicName;
  if (stated === undefined) {
    if (output.topic?.autoName === false) {
      report.error(
        source,
        [...output.at, "topicName"],
        "is missing, expected a name, since autoName is false",
      );
    }
    return defaultTopicName(owner, name, output.defaultComponent, output.name);
  }
  return checkedName(stated, data, (message) => {
    report.error(source, [...output.at, "topicName"], message);
  });
}
