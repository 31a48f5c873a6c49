import { connectTopics } from "./connect-topics";
import { planDeadLetterTopics } from "./dead-letter-topics";
import { endpointName } from "../link/link-pipes";
import type { LinkedDeployment } from "../link/link";
import type { MessageDataType, TopicEnd, TopicPlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import type { ProblemReport } from "../document/problem";
import type { TopicReader } from "./partitions";
import { planReplaced } from "./replaced-topics";
import { planRetries } from "./retry-planner";
import { planConfiguration } from "./topic-configuration";
import { topicName } from "./topic-name";
import { topicOutputs, type TopicOutput } from "./topic-outputs";
import { partitionsOf, readersByName } from "./topic-partitions";
import { TopicPlans, type PlannedTopic } from "./topic-plans";
import { compareText, distinct } from "../values/text";

/** Plans one topic for each output that is kept, and those that retries and data connectors take. */
export function planTopics(
  linked: LinkedDeployment,
  facts: PlatformFacts,
  report: ProblemReport,
): TopicPlans {
  const readers = readersByName(linked);
  const planned = topicOutputs(linked, report).flatMap((output) => {
    const topic = planTopic(output, linked, facts, readers, report);
    return [topic, ...planReplaced(output, topic, linked, report)];
  });
  const connect = linked.connectors.flatMap((connector) => connectTopics(linked, connector, facts, report));
  const retries = planRetries(linked, planned, report);
  const deadLetters = planDeadLetterTopics(linked, planned, retries, facts.kafka);
  return new TopicPlans(planned, retries, connect, deadLetters);
}

function planTopic(
  output: TopicOutput,
  linked: LinkedDeployment,
  facts: PlatformFacts,
  readers: ReadonlyMap<string, number>,
  report: ProblemReport,
): PlannedTopic {
  const consumedBy = output.pipes
    .map(({ to }): TopicEnd => ({ component: to.component, port: to.input }))
    .sort((a, b) => compareText(a.component, b.component) || compareText(a.port, b.port));
  const demands = distinct(consumedBy.map(({ component }) => component)).map((component): TopicReader => ({
    component,
    replicas: readers.get(component) ?? 1,
  }));
  const plan: TopicPlan = {
    name: topicName(output, linked, report),
    nameBecause: output.topic?.topicName === undefined ? "automatic" : "stated",
    ...partitionsOf(output, demands, linked, report),
    ...planConfiguration(output.topic, facts, linked.source, output.at, report),
    producedBy: { component: output.component, port: output.name },
    consumedBy,
    expectedLoad: output.expectedLoad && {
      messagesPerSecond: output.expectedLoad.messagesPerSecond,
      averageMessageSize: String(output.expectedLoad.averageMessageSize),
    },
  };
  const messageDataType = messageDataTypeOf(output, linked, report);
  return {
    plan,
    messageDataType,
    writtenBy: `${output.described} of ${linked.id}`,
    at: output.at,
    nameAt: [...output.at, "topicName"],
    spec: output.topic,
  };
}

function messageDataTypeOf(
  output: TopicOutput,
  { source }: LinkedDeployment,
  report: ProblemReport,
): MessageDataType {
  if (output.component === endpointName) return output.messageDataType;
  const stated = distinct(output.pipes.flatMap(({ messageDataType }) => messageDataType ?? []));
  if (stated.length > 1) {
    for (const pipe of output.pipes.filter(({ messageDataType }) => messageDataType === "FileReference")) {
      const message = `found "FileReference", but another pipe from ${output.described} says "Embedded"; make them the same`;
      report.error(source, [...pipe.at, "sourceOutputMessageDataType"], message);
    }
  }
  return stated.includes("FileReference") ? "FileReference" : "Embedded";
}
