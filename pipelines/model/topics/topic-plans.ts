import type { MessageDataType, RetryPlan, TopicEnd, TopicPlan } from "../plan/plan";
import type { PathStep } from "../document/problem";
import type { RetryPlans } from "./retry-planner";
import type { TopicSpec } from "../schema/topic-schema";
import { compareText, distinct } from "../values/text";

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
   * @param deadLetters topics for what is given up without having been tried again
   */
  constructor(
    private readonly outputs: readonly PlannedTopic[],
    private readonly retries: RetryPlans,
    connect: readonly PlannedTopic[],
    private readonly deadLetters: readonly PlannedTopic[],
  ) {
    this.planned = [...outputs, ...retries.topics, ...connect, ...deadLetters].sort((a, b) =>
      compareText(a.plan.name, b.plan.name),
    );
  }

  /** How an algo tries messages again, sorted by topic. */
  retriesOf(algo: string): readonly RetryPlan[] {
    return this.retries.byAlgo.get(algo) ?? [];
  }

  /** Where a component's messages go that it gives up without trying them again; undefined when it tries all. */
  deadLettersOf(component: string): string | undefined {
    return this.deadLetters.find(({ plan }) => plan.producedBy.component === component)?.plan.name;
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
