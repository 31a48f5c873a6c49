import type {
  AlgoComponentPlan,
  ComponentPlan,
  DataConnectorPlan,
  EndpointPlan,
  PipelinePlan,
  TopicPlan,
} from "../model/plan/plan";
import type { LabelValues } from "./promql";

/** What the exporter of Kafka's metrics must see of a pipeline: no message, only names and positions. */
export interface WatchedKafka {
  /** Names of topics, sorted: all but those in which Kafka Connect keeps its state. */
  readonly topics: readonly string[];
  /** Consumer groups, sorted. */
  readonly groups: readonly string[];
}

/** What of a pipeline is watched in Kafka. */
export function watchedKafka({ topics, components }: PipelinePlan): WatchedKafka {
  return {
    topics: topics.filter(({ purpose }) => purpose !== "connect").map(({ name }) => name),
    groups: components.flatMap(({ identity }) => identity.consumerGroup ?? []).sort(),
  };
}

/** A component that is in a consumer group. */
export interface Consumer {
  readonly component: ComponentPlan;
  readonly group: string;
  /** Topics that it reads for new messages, sorted. Messages in retry topics are meant to wait. */
  readonly topics: readonly string[];
}

/** The components that can lag behind. */
export function consumers({ components, topics }: PipelinePlan): readonly Consumer[] {
  const flows = new Set(topics.filter(isFlow).map(({ name }) => name));
  return components.flatMap((component) => {
    const { consumerGroup, reads } = component.identity;
    if (consumerGroup === undefined) return [];
    return [{ component, group: consumerGroup, topics: reads.filter((topic) => flows.has(topic)) }];
  });
}

function isFlow({ purpose }: TopicPlan): boolean {
  return purpose === undefined || purpose === "replaced";
}

/** The pipeline's endpoint, if it has one. */
export function endpointOf({ components }: PipelinePlan): EndpointPlan | undefined {
  return components.find((component) => component.kind === "endpoint");
}

/** The algos. */
export function algosOf({ components }: PipelinePlan): readonly AlgoComponentPlan[] {
  return components.filter((component) => component.kind === "algo");
}

/** The algos that a runner of ours runs, and so measures. */
export function measuredAlgos(plan: PipelinePlan): readonly AlgoComponentPlan[] {
  return algosOf(plan).filter(({ runner }) => runner !== "none");
}

/** The data connectors whose image has a JMX agent, and so says how they are. */
export function measuredConnectors({ components }: PipelinePlan): readonly DataConnectorPlan[] {
  return components
    .filter((component) => component.kind === "dataConnector")
    .filter(({ metricsAgent }) => metricsAgent !== undefined);
}

/** Labels by which the series of components' pods are found: where they were scraped, whatever their programs say. */
export function podsOf({ namespace }: PipelinePlan, ...components: readonly ComponentPlan[]): LabelValues {
  return { namespace, app: components.map(({ name }) => name) };
}
