import { connectTopics } from "./connect-topics";
import { endpointName, eventHookName } from "../link/link-pipes";
import type { LinkedDeployment } from "../link/link";
import { defaultTopicName, fillTopicName, topicNameFault } from "../values/names";
import { automaticPartitions, type TopicReader } from "./partitions";
import type { MessageDataType, RetryPlan, TopicEnd, TopicPlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import type { PathStep, ProblemReport } from "../document/problem";
import { planRetries, type RetryPlans } from "./retry-planner";
import type { TopicSpec } from "../schema/topic-schema";
import { planConfiguration } from "./topic-configuration";
import { topicOutputs, type TopicOutput } from "./topic-outputs";
import { compareText, distinct } from "../values/text";
import { mostReplicas } from "../workloads/workload-planner";

/** A planned topic, what it carries, and where its document asks for it. */
export interface PlannedTopic {
  readonly plan: TopicPlan;
  readonly messageDataType: MessageDataType;
  /** Who writes it, in words. */
  readonly writtenBy: string;
  readonly at: readonly PathStep[];
  /** Where its name comes from. */
  readonly nameAt: readonly PathStep[];
  /** As the document describes it, if it does. */
  readonly spec?: TopicSpec;
}

/** The topics of a deployment. */
export class TopicPlans {
  /** All topics, sorted by name. */
  readonly planned: readonly PlannedTopic[];

  /**
   * @param outputs topics of the deployment's outputs
   * @param connect topics in which data connectors keep their state
   */
  constructor(
    private readonly outputs: readonly PlannedTopic[],
    private readonly retries: RetryPlans,
    connect: readonly PlannedTopic[],
  ) {
    this.planned = [...outputs, ...retries.topics, ...connect].sort((a, b) =>
      compareText(a.plan.name, b.plan.name),
    );
  }

  /** How an algo tries messages again, sorted by topic. */
  retriesOf(algo: string): readonly RetryPlan[] {
    return this.retries.byAlgo.get(algo) ?? [];
  }

  /** Names of all topics that a component reads, its retry topics included; sorted. */
  readBy(component: string): readonly string[] {
    return namesOf(this.planned, ({ consumedBy }) => consumedBy.some((end) => end.component === component));
  }

  /** Names of all topics that a component writes, its retry and dead-letter topics included; sorted. */
  writtenBy(component: string): readonly string[] {
    return namesOf(
      this.planned,
      ({ producedBy, purpose }) => producedBy.component === component && purpose !== "replaced",
    );
  }

  /** The topic of an output, unless it is not kept. */
  of(component: string, output: string): PlannedTopic | undefined {
    return this.outputs.find(
      ({ plan: { producedBy, purpose } }) =>
        producedBy.component === component && producedBy.port === output && purpose === undefined,
    );
  }

  /** Names of the topics piped into an input, or into any input of a component; sorted. */
  into(component: string, input?: string): readonly string[] {
    const isHere = (end: TopicEnd): boolean =>
      end.component === component && (input === undefined || end.port === input);
    return namesOf(this.outputs, ({ consumedBy }) => consumedBy.some(isHere));
  }

  /** Names of the topics that a component's outputs go to, sorted. */
  from(component: string): readonly string[] {
    return namesOf(
      this.outputs,
      ({ producedBy, purpose }) => producedBy.component === component && purpose === undefined,
    );
  }

  /** Whether a component writes, or reads, messages whose bytes are in object storage. */
  usesStorage(component: string): { readonly writes: boolean; readonly reads: boolean } {
    const references = this.outputs.filter(({ messageDataType }) => messageDataType === "FileReference");
    return {
      writes: references.some(({ plan }) => plan.producedBy.component === component),
      reads: references.some(({ plan }) => plan.consumedBy.some((end) => end.component === component)),
    };
  }
}

function namesOf(topics: readonly PlannedTopic[], matches: (plan: TopicPlan) => boolean): readonly string[] {
  return distinct(topics.filter(({ plan }) => matches(plan)).map(({ plan }) => plan.name));
}

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
  return new TopicPlans(planned, planRetries(linked, planned, report), connect);
}

/** The most replicas of each component that can read topics; of a sink, it is its tasks that read. */
function readersByName({ algos, connectors, spec }: LinkedDeployment): ReadonlyMap<string, number> {
  const readers = new Map(algos.map((algo) => [algo.name, mostReplicas(algo.spec)]));
  for (const sink of connectors) {
    readers.set(sink.name, Math.max(sink.spec.tasksMax, mostReplicas(sink.spec)));
  }
  if (spec.eventHook !== undefined) readers.set(eventHookName, mostReplicas(spec.eventHook));
  return readers;
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

/** The topics that an output had before, as they are: their readers finish them, and nobody writes them any more. */
function planReplaced(
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

/** A stated name with its placeholders filled in; a fault is handed over. */
function checkedName(
  stated: string,
  { owner, name }: LinkedDeployment["data"],
  refuse: (message: string) => void,
): string {
  const filled = fillTopicName(stated, owner, name);
  const fault = topicNameFault(filled);
  if (fault !== undefined) refuse(`found ${JSON.stringify(stated)}, with ${fault}`);
  return filled;
}

function topicName(output: TopicOutput, { data, source }: LinkedDeployment, report: ProblemReport): string {
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

function partitionsOf(
  { topic, at, described }: TopicOutput,
  demands: readonly TopicReader[],
  { source }: LinkedDeployment,
  report: ProblemReport,
): Pick<TopicPlan, "partitions" | "partitionsBecause"> {
  const { partitions: automatic, ...because } = automaticPartitions(demands);
  if (topic === undefined) {
    return { partitions: automatic, partitionsBecause: { rule: "undescribed", ...because } };
  }
  const { autoPartition, partitions = 1 } = topic;
  if (autoPartition) {
    if (partitions > automatic) {
      const message = `found ${partitions}, but autoPartition makes ${automatic} of the readers' replicas; set autoPartition: false to have ${partitions}`;
      report.warning(source, [...at, "partitions"], message);
    }
    return { partitions: automatic, partitionsBecause: { rule: "autoPartition", ...because } };
  }
  const most = Math.max(0, ...demands.map(({ replicas }) => replicas));
  if (most > partitions) {
    const message = `up to ${most} replicas read ${described}, but only ${partitions} can work at a time; set autoPartition: true or partitions: ${most}`;
    report.warning(source, [...at, "partitions"], message);
  }
  return { partitions, partitionsBecause: { rule: topic.partitions === undefined ? "default" : "stated" } };
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
