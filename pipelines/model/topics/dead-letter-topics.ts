import { eventHookName } from "../link/link-pipes";
import type { LinkedDeployment } from "../link/link";
import type { TopicPlan } from "../plan/plan";
import type { PathStep } from "../document/problem";
import { defaultTopicName } from "../values/names";
import type { PlatformFacts } from "../platform-facts";
import { compareText } from "../values/text";
import type { RetryPlans } from "./retry-planner";
import { largestMessage } from "./message-size";
import { deadLetterParameters } from "./retry-topics";
import { reasonsOf } from "./topic-configuration";
import type { PlannedTopic } from "./topic-plans";

/** What reads messages, and may have to give some up. */
interface GivingUp {
  readonly component: string;
  /** As names of its topics have it. */
  readonly defaultComponent: string;
  readonly reference: string;
  readonly at: readonly PathStep[];
}

/**
 * One topic for each component of ours that reads messages and does not try all of them again: what it can't process, or
 * deliver, lies there, so that a message neither is lost nor blocks those behind it. These are few, in no order, so that
 * one partition is enough.
 *
 * @param outputs topics of the deployment's outputs
 */
export function planDeadLetterTopics(
  linked: LinkedDeployment,
  outputs: readonly PlannedTopic[],
  retries: RetryPlans,
  { defaultReplicationFactor }: PlatformFacts["kafka"],
): readonly PlannedTopic[] {
  return componentsOf(linked).flatMap((giving) => {
    const tried = new Set(retries.byAlgo.get(giving.component)?.map(({ topic }) => topic));
    const read = outputs
      .filter(({ plan }) => plan.consumedBy.some(({ component }) => component === giving.component))
      .filter(({ plan }) => !tried.has(plan.name));
    return read.length === 0 ? [] : [deadLetterTopic(linked, giving, read, defaultReplicationFactor)];
  });
}

function componentsOf({ algos, spec, id }: LinkedDeployment): readonly GivingUp[] {
  const running = algos
    .filter(({ algo }) => algo.executor !== "Delegated")
    .map(({ name, algo, spec: { index }, reference, at }): GivingUp => ({
      component: name,
      defaultComponent: `${algo.name}.${index}`,
      reference: `${reference} of ${id}`,
      at,
    }));
  const hook = {
    component: eventHookName,
    defaultComponent: `${eventHookName}.0`,
    reference: `the EventHook of ${id}`,
    at: ["spec", "eventHook"],
  };
  return spec.eventHook === undefined ? running : [...running, hook];
}

function deadLetterTopic(
  { data }: LinkedDeployment,
  { component, defaultComponent, reference, at }: GivingUp,
  read: readonly PlannedTopic[],
  defaultCopies: number,
): PlannedTopic {
  const sources = read.map(({ plan }) => plan).sort((a, b) => compareText(a.name, b.name));
  const name = defaultTopicName(data.owner, data.name, defaultComponent, "dead-letters");
  const parameters = deadLetterParameters(sources);
  const isStated = sources.some(({ replicationFactor }) => replicationFactor !== undefined);
  // As many as the source with the most has: else more of them might have to be in sync than there are.
  const copies = Math.max(...sources.map(({ replicationFactor }) => replicationFactor ?? defaultCopies));
  const served = ["max.message.bytes", "min.insync.replicas"];
  const plan: TopicPlan = {
    name,
    nameBecause: "automatic",
    purpose: "deadLetter",
    partitions: 1,
    partitionsBecause: { rule: "deadLetters" },
    replicationFactor: isStated ? copies : undefined,
    parameters,
    parametersBecause: reasonsOf(parameters, (parameter) =>
      served.includes(parameter)
        ? { rule: "served", topic: servedBy(parameter, sources) }
        : { rule: "deadLetter" },
    ),
    producedBy: { component, port: name },
    consumedBy: [],
  };
  return {
    plan,
    messageDataType: "Embedded",
    writtenBy: `the messages that ${reference} gave up`,
    at,
    nameAt: at,
  };
}

/** The topic with the greatest value of a parameter. */
function servedBy(parameter: string, sources: readonly TopicPlan[]): string {
  const valueOf = (source: TopicPlan): number =>
    parameter === "max.message.bytes" ? largestMessage(source) : Number(source.parameters[parameter] ?? -1);
  return sources.toSorted((a, b) => valueOf(b) - valueOf(a))[0]?.name ?? "";
}
