import type { ConsumerLagFacts } from "../platform-facts";
import type { ScaleMetricPlan } from "../plan/plan";

/** A component that reads topics, and how the platform knows how far behind it is. */
export interface LagReader {
  /** Undefined when the platform has no source of lag. */
  readonly lag: ConsumerLagFacts | undefined;
  /** Undefined when it reads nothing. */
  readonly consumerGroup: string | undefined;
  /** Topics that pipes lead from to it; those of retries wait on purpose and say nothing of its speed. */
  readonly topics: readonly string[];
}

/** Longest value of a label by which a metric is selected. */
const labelLength = 63;

/**
 * What an autoscaler follows so that a component catches up: the lag of each of its topics by itself, the one that asks
 * for the most pods decides.
 *
 * @param lagPerPod messages that a pod may be behind
 * @param refuse takes what is wrong with the metric
 */
export function planConsumerLag(
  lagPerPod: number,
  { lag, consumerGroup, topics }: LagReader,
  refuse: (message: string) => void,
): readonly ScaleMetricPlan[] {
  if (consumerGroup === undefined || topics.length === 0) {
    refuse('found "ConsumerLag", but no topic is read here, so that nothing can lag; follow cpu or memory');
    return [];
  }
  if (lag === undefined) {
    refuse(
      'found "ConsumerLag", but the platform does not say who measures it: set algorun:consumerLag in the stack\'s config, to { source: keda } where KEDA runs or to { source: metric } where the metrics API has it; or follow another metric',
    );
    return [];
  }
  if (lag.source === "keda") {
    return topics.map((topic) => ({ source: "ConsumerLag", consumerGroup, topic, lagPerPod }));
  }
  for (const label of [consumerGroup, ...topics].filter(({ length }) => length > labelLength)) {
    refuse(
      `the metric ${lag.metricName} is selected by the label ${label}, which has ${label.length} characters, expected at most ${labelLength}; give the deployment a shorter name or the topic a shorter topicName, or use KEDA (algorun:consumerLag)`,
    );
  }
  return topics.map((topic) => ({
    source: "External",
    metric: {
      name: lag.metricName,
      matchLabels: { [lag.groupLabel]: consumerGroup, [lag.topicLabel]: topic },
    },
    target: { type: "AverageValue", averageValue: String(lagPerPod) },
  }));
}
