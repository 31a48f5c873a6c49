import type { AlgoComponentPlan, PipelinePlan } from "../model/plan/plan";
import type { PipelineAlert } from "./alert-rule";
import type { AlertThresholds } from "./alert-thresholds";
import { series } from "./promql";
import { algosOf, measuredAlgos, podsOf } from "./watched";

/** Messages that were given up, whoever gave them up: one rule for each dead-letter topic. */
export function deadLetterAlerts(plan: PipelinePlan): readonly PipelineAlert[] {
  return algosOf(plan).flatMap((algo) =>
    algo.retries.map(({ topic, deadLetterTopic }): PipelineAlert => {
      const offset = series("kafka_topic_partition_current_offset", { topic: deadLetterTopic });
      return {
        alert: "AlgoRunDeadLetters",
        when: `a message arrives in ${deadLetterTopic}`,
        expr: `sum by (topic) (increase(${offset}[15m])) > 0`,
        for: "0m",
        severity: "critical",
        labels: { deployment: plan.id, component: algo.name },
        summary: `${plan.id}: ${algo.name} gave up on messages of ${topic}`,
        description: `Messages went to ${deadLetterTopic} in the last 15 minutes: they failed at every step, and nobody will try them again. Read them with a console consumer; their headers say at which step they failed, and the algo's log why (kubectl -n ${plan.namespace} logs deployment/${algo.name} -c algo).`,
      };
    }),
  );
}

/** Algos that fail on too many of their messages. */
export function errorAlerts(plan: PipelinePlan, { errorRatio }: AlertThresholds): readonly PipelineAlert[] {
  return measuredAlgos(plan).map((algo): PipelineAlert => {
    const failed = rateOf("algorunner_algo_error", plan, algo);
    const finished = rateOf("algorunner_run_duration_seconds_count", plan, algo);
    return {
      alert: "AlgoRunAlgoErrors",
      when: `it fails on more than ${percent(errorRatio)} of its messages`,
      expr: `${failed} / ${finished} > ${errorRatio}`,
      for: "10m",
      severity: "warning",
      labels: { deployment: plan.id, component: algo.name },
      summary: `${plan.id}: ${algo.name} fails on {{ $value | humanizePercentage }} of its messages`,
      description: `More than ${percent(errorRatio)} of the runs failed for 10 minutes. Look at the log of the algo (kubectl -n ${plan.namespace} logs deployment/${algo.name} -c algo)${
        algo.retries.length === 0 ? "; it does not retry, so these messages are lost to it" : ""
      }.`,
    };
  });
}

/** Algos that try too many messages again, which is the first sign that something they need is away. */
export function retryAlerts(plan: PipelinePlan, { retryRatio }: AlertThresholds): readonly PipelineAlert[] {
  return algosOf(plan).flatMap((algo): PipelineAlert[] => {
    const retried = algo.runner === "none" ? retriedByTopics(algo) : retriedByRunner(plan, algo);
    if (retried === undefined) return [];
    return [
      {
        alert: "AlgoRunRetries",
        when: `it tries more than ${percent(retryRatio)} of its messages again`,
        expr: `${retried} > ${retryRatio}`,
        for: "15m",
        severity: "warning",
        labels: { deployment: plan.id, component: algo.name },
        summary: `${plan.id}: ${algo.name} tries {{ $value | humanizePercentage }} of its messages again`,
        description: `For 15 minutes more than ${percent(retryRatio)} as many messages were tried again as were finished. What the algo depends on may be away: look at its log (kubectl -n ${plan.namespace} logs deployment/${algo.name} -c algo). What fails at the last step goes to ${deadLetterTopics(algo)}.`,
      },
    ];
  });
}

function retriedByRunner(plan: PipelinePlan, algo: AlgoComponentPlan): string | undefined {
  if (algo.retries.every(({ steps }) => steps.length === 0)) return undefined;
  const retried = rateOf("algorunner_retry_total", plan, algo);
  return `${retried} / ${rateOf("algorunner_run_duration_seconds_count", plan, algo)}`;
}

/** Nobody measures an algo that talks to Kafka itself, but what it retries by topics can be counted in them. */
function retriedByTopics({ retries }: AlgoComponentPlan): string | undefined {
  const counted = retries.filter(({ steps }) => steps.some(({ topic }) => topic !== undefined));
  if (counted.length === 0) return undefined;
  const waiting = counted.flatMap(({ steps }) => steps.flatMap(({ topic }) => topic ?? []));
  const written = (topics: readonly string[]): string => {
    const distinct = [...new Set(topics)].sort();
    return `sum(rate(${series("kafka_topic_partition_current_offset", { topic: distinct })}[15m]))`;
  };
  return `${written(waiting)} / ${written(counted.map(({ topic }) => topic))}`;
}

function rateOf(
  metric: "algorunner_algo_error" | "algorunner_retry_total" | "algorunner_run_duration_seconds_count",
  plan: PipelinePlan,
  algo: AlgoComponentPlan,
): string {
  return `sum by (app) (rate(${series(metric, podsOf(plan, algo))}[10m]))`;
}

function deadLetterTopics({ retries }: AlgoComponentPlan): string {
  return [...new Set(retries.map(({ deadLetterTopic }) => deadLetterTopic))].sort().join(", ");
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
