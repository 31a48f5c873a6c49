import type { LinkedDeployment } from "../link/link";
import { eventHookName } from "../link/link-pipes";
import type { TopicPlan } from "../plan/plan";
import type { ProblemReport } from "../document/problem";
import { automaticPartitions, type TopicReader } from "./partitions";
import type { TopicOutput } from "./topic-outputs";
import { mostReplicas } from "../workloads/workload-planner";

/** The most replicas of each component that can read topics; of a sink, it is its tasks that read. */
export function readersByName({ algos, connectors, spec }: LinkedDeployment): ReadonlyMap<string, number> {
  const readers = new Map(algos.map((algo) => [algo.name, mostReplicas(algo.spec)]));
  for (const sink of connectors) {
    readers.set(sink.name, Math.max(sink.spec.tasksMax, mostReplicas(sink.spec)));
  }
  if (spec.eventHook !== undefined) readers.set(eventHookName, mostReplicas(spec.eventHook));
  return readers;
}

/** The partitions of an output's topic: stated, or after those that read it. */
export function partitionsOf(
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
