import { reportDuplicates } from "../document/check-algo";
import type { LinkedAlgo, LinkedDeployment } from "../link/link";
import type { LinkedConnector } from "../link/link-connectors";
import { deadLettersOutput, endpointName, type LinkedPipe } from "../link/link-pipes";
import { knownNames } from "../document/nearest-name";
import type { MessageDataType } from "../plan/plan";
import type { PathStep, ProblemReport } from "../document/problem";
import type { ExpectedLoadSpec, TopicSpec } from "../schema/topic-schema";
import { distinct } from "../values/text";

/** An output that has a topic. */
export interface TopicOutput {
  /** Kubernetes name of the component. */
  readonly component: string;
  readonly name: string;
  /** The component in the topic's automatic name: `endpoint.0`, or `{algo}.{index}`. */
  readonly defaultComponent: string;
  /** In words, for messages. */
  readonly described: string;
  /** As stated; an algo's output may differ by its pipes. */
  readonly messageDataType: MessageDataType;
  readonly topic?: TopicSpec;
  /** What is expected to be written, where the document says so. */
  readonly expectedLoad?: ExpectedLoadSpec | undefined;
  /** Where the topic, or else what produces it, stands in the document. */
  readonly at: readonly PathStep[];
  /** Pipes that lead from it. */
  readonly pipes: readonly LinkedPipe[];
}

/**
 * The outputs that are kept in a topic: every path of the endpoint, and each output of an algo that a pipe leads
 * from, that the document gives a topic, or that `writeAllOutputs` asks for. A data connector declares no outputs: it has
 * those that its pipes and its topics name.
 */
export function topicOutputs(linked: LinkedDeployment, report: ProblemReport): readonly TopicOutput[] {
  return [
    ...endpointOutputs(linked, report),
    ...linked.algos.flatMap((algo) => algoOutputs(algo, linked, report)),
    ...linked.connectors.flatMap((connector) => connectorOutputs(connector, linked, report)),
  ];
}

function endpointOutputs(
  { spec, source, pipes }: LinkedDeployment,
  report: ProblemReport,
): readonly TopicOutput[] {
  const paths = spec.endpoint?.paths ?? [];
  return paths.map((path, index): TopicOutput => {
    const at = ["spec", "endpoint", "paths", index];
    const outgoing = pipes.filter(({ from }) => from.component === endpointName && from.output === path.name);
    if (path.topic !== undefined && path.topic.outputName !== path.name) {
      const message = `found ${JSON.stringify(path.topic.outputName)}, expected ${JSON.stringify(path.name)}, the name of the path`;
      report.error(source, [...at, "topic", "outputName"], message);
    }
    if (path.expectedLoad !== undefined && path.topic?.expectedLoad !== undefined) {
      const message = "is stated for the path and for its topic, which is the same; remove one of them";
      report.error(source, [...at, "expectedLoad"], message);
    }
    if (outgoing.length === 0) {
      report.warning(
        source,
        at,
        `no pipe leads from the path ${path.name}: what it accepts is only kept in its topic`,
      );
    }
    return {
      component: endpointName,
      name: path.name,
      defaultComponent: "endpoint.0",
      described: `the path ${path.name} of the endpoint`,
      messageDataType: path.messageDataType,
      topic: path.topic,
      expectedLoad: path.expectedLoad ?? path.topic?.expectedLoad,
      at: path.topic === undefined ? at : [...at, "topic"],
      pipes: outgoing,
    };
  });
}

function algoOutputs(
  algo: LinkedAlgo,
  linked: LinkedDeployment,
  report: ProblemReport,
): readonly TopicOutput[] {
  const { source, pipes } = linked;
  const names = algo.algo.outputs.map(({ name }) => name);
  const topicsAt = [...algo.at, "topics"];
  algo.spec.topics.forEach(({ outputName }, index) => {
    if (names.includes(outputName)) return;
    const message = `${algo.reference} has no output ${JSON.stringify(outputName)}, expected ${knownNames(outputName, names)}`;
    report.error(source, [...topicsAt, index, "outputName"], message);
  });
  const topicNames = algo.spec.topics.map(({ outputName }) => outputName);
  reportDuplicates(topicNames, "topic for output", source, topicsAt, report);
  return names.flatMap((name): readonly TopicOutput[] => {
    const topicIndex = algo.spec.topics.findIndex(({ outputName }) => outputName === name);
    const topic = algo.spec.topics[topicIndex];
    const outgoing = pipes.filter(({ from }) => from.component === algo.name && from.output === name);
    const described = `the output ${name} of ${algo.reference}`;
    if (outgoing.length === 0) {
      const isKept = topic !== undefined || algo.spec.writeAllOutputs;
      const fate = isKept ? "what it writes is only kept in its topic" : "it is dropped";
      report.warning(source, algo.at, `no pipe leads from ${described}: ${fate}`);
      if (!isKept) return [];
    }
    return [
      {
        component: algo.name,
        name,
        defaultComponent: `${algo.algo.name}.${algo.spec.index}`,
        described,
        messageDataType: "Embedded",
        topic,
        expectedLoad: topic?.expectedLoad,
        at: topic === undefined ? algo.at : [...topicsAt, topicIndex],
        pipes: outgoing,
      },
    ];
  });
}

function connectorOutputs(
  connector: LinkedConnector,
  linked: LinkedDeployment,
  report: ProblemReport,
): readonly TopicOutput[] {
  const { source } = linked;
  const { topics, index } = connector.spec;
  const topicsAt = [...connector.at, "topics"];
  const topicNames = topics.map(({ outputName }) => outputName);
  reportDuplicates(topicNames, "topic for output", source, topicsAt, report);
  if (connector.connector.dataConnectorType === "Sink") {
    topicNames.forEach((name, topicIndex) => {
      if (name === deadLettersOutput) return;
      const message = `${connector.reference} is a Sink, whose one output is ${deadLettersOutput}; found ${JSON.stringify(name)}`;
      report.error(source, [...topicsAt, topicIndex, "outputName"], message);
    });
  }
  const outgoing = linked.pipes.filter(({ from }) => from.component === connector.name);
  return distinct([...outgoing.map(({ from }) => from.output), ...topicNames]).map((name): TopicOutput => {
    const topicIndex = topicNames.indexOf(name);
    const pipes = outgoing.filter(({ from }) => from.output === name);
    const described = `the output ${name} of ${connector.reference}`;
    const topic = topics[topicIndex];
    if (pipes.length === 0) {
      const message = `no pipe leads from ${described}: what it writes is only kept in its topic`;
      report.warning(source, [...topicsAt, topicIndex], message);
    }
    return {
      component: connector.name,
      name,
      defaultComponent: `${connector.connector.name}.${index}`,
      described,
      messageDataType: "Embedded",
      topic,
      expectedLoad: topic?.expectedLoad,
      at: topicIndex === -1 ? connector.at : [...topicsAt, topicIndex],
      pipes,
    };
  });
}
