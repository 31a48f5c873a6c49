import type { AlgoComponentPlan, PipelinePlan } from "../model/plan/plan";
import type { PipelineAlert } from "./alert-rule";
import type { AlertThresholds } from "./alert-thresholds";
import { series } from "./promql";
import { algosOf, measuredAlgos, podsOf } from "./watched";

/**
 * Messages that were given up: one rule for each dead-letter topic. What lies there counts, rather than what a runner says
 * of itself, so that nothing is missed when its pod has gone.
 */
export function deadLetterAlerts(plan: PipelinePlan): readonly PipelineAlert[] {
  const tried = algosOf(plan).flatMap(({ name, retries }) =>
    retries.map((retry) => ({ component: name, ...retry })),
  );
  const ofTried = new Set(tried.map(({ deadLetterTopic }) => deadLetterTopic));
  const untried = plan.topics.filter(({ name, purpose }) => purpose === "deadLetter" && !ofTried.has(name));
  return [
    ...tried.map(({ component, topic, deadLetterTopic }) =>
      deadLetterAlert(plan, component, deadLetterTopic, `messages of ${topic}`),
    ),
    ...untried.map(({ name, producedBy }) => deadLetterAlert(plan, producedBy.component, name, "messages")),
  ];
}

function deadLetterAlert(
  { id, namespace }: PipelinePlan,
  component: string,
  deadLetterTopic: string,
  messages: string,
): PipelineAlert {
  const offset = series("kafka_topic_partition_current_offset", { topic: deadLetterTopic });
  return {
    alert: "AlgoRunDeadLetters",
    when: `a message arrives in ${deadLetterTopic}`,
    expr: `sum by (topic) (increase(${offset}[15m])) > 0`,
    for: "0m",
    severity: "critical",
    labels: { deployment: id, component, topic: deadLetterTopic },
    summary: `${id}: ${component} gave up on ${messages}`,
    description: `Messages went to ${deadLetterTopic} in the last 15 minutes, and nobody will try them again. Read them with a console consumer; their headers say why (errorClass, errorMessage), and so does the log (kubectl -n ${namespace} logs deployment/${component} --all-containers).`,
  };
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
  const retrying = measuredAlgos(plan).filter(({ retries }) => retries.some(({ steps }) => steps.length > 0));
  return retrying.map((algo): PipelineAlert => {
    const retried = rateOf("algorunner_retry_total", plan, algo);
    const finished = rateOf("algorunner_run_duration_seconds_count", plan, algo);
    return {
      alert: "AlgoRunRetries",
      when: `it tries more than ${percent(retryRatio)} of its messages again`,
      expr: `${retried} / ${finished} > ${retryRatio}`,
      for: "15m",
      severity: "warning",
      labels: { deployment: plan.id, component: algo.name },
      summary: `${plan.id}: ${algo.name} tries {{ $value | humanizePercentage }} of its messages again`,
      description: `For 15 minutes more than ${percent(retryRatio)} as many messages were tried again as were finished. What the algo depends on may be away: look at its log (kubectl -n ${plan.namespace} logs deployment/${algo.name} -c algo). What fails at the last step goes to ${deadLetterTopics(algo)}.`,
    };
  });
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
