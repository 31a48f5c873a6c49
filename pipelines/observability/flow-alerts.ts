import type { PipelinePlan } from "../model/plan/plan";
import type { PipelineAlert } from "./alert-rule";
import type { AlertThresholds } from "./alert-thresholds";
import { series } from "./promql";
import { consumers, endpointOf, type Consumer } from "./watched";

/** A consumer that falls behind: one rule for each topic that it reads. */
export function lagAlerts(plan: PipelinePlan, { lag }: AlertThresholds): readonly PipelineAlert[] {
  return consumers(plan).flatMap((consumer) =>
    consumer.topics.map((topic): PipelineAlert => {
      const { component, group } = consumer;
      const scaling = lagThatPodsMayHave(consumer, topic);
      const bound = scaling ?? lag;
      const behind = series("kafka_consumergroup_lag", { consumergroup: group, topic });
      return {
        alert: "AlgoRunConsumerLag",
        when: `more than ${bound} messages of ${topic} wait`,
        // A partition whose group has no position yet is given as -1.
        expr: `sum by (consumergroup, topic) (clamp_min(${behind}, 0)) > ${bound}`,
        for: "15m",
        severity: "warning",
        labels: { deployment: plan.id, component: component.name, topic },
        summary: `${plan.id}: ${component.name} is {{ $value | humanize }} messages behind in ${topic}`,
        description: `${
          scaling === undefined
            ? `More than ${bound} messages wait`
            : `More messages wait than as many pods as ${component.name} may have are meant to take (${bound})`
        } for 15 minutes. Look whether its pods run and what they log (kubectl -n ${plan.namespace} logs -l app.kubernetes.io/instance=${component.name}); if they only are too few, raise its replicas or its autoscaling.`,
      };
    }),
  );
}

/** Where the autoscaler follows the lag: what all pods together are meant to have before them. */
function lagThatPodsMayHave({ component }: Consumer, topic: string): number | undefined {
  const { autoscaling } = component;
  const followed = autoscaling?.metrics.find(
    (metric) => metric.source === "ConsumerLag" && metric.topic === topic,
  );
  if (autoscaling === undefined || followed?.source !== "ConsumerLag") return undefined;
  return followed.lagPerPod * autoscaling.maxReplicas;
}

/** A path that is silent although it was not a day before. */
export function noTrafficAlerts(
  plan: PipelinePlan,
  { noTrafficHours }: AlertThresholds,
): readonly PipelineAlert[] {
  const endpoint = endpointOf(plan);
  if (endpoint === undefined || noTrafficHours === 0) return [];
  return endpoint.paths.map(({ name, topic, protocol }): PipelineAlert => {
    const offset = series("kafka_topic_partition_current_offset", { topic });
    const taken = `increase(${offset}[${noTrafficHours}h]`;
    const hours = noTrafficHours === 1 ? "hour" : `${noTrafficHours} hours`;
    return {
      alert: "AlgoRunNoTraffic",
      when: `nothing by the path ${name} for ${noTrafficHours}h, but a day before`,
      expr: `sum by (topic) (${taken})) == 0 and sum by (topic) (${taken} offset 1d)) > 0`,
      for: "5m",
      severity: "warning",
      labels: { deployment: plan.id, component: endpoint.name, path: name },
      summary: `${plan.id}: nothing comes in by the path ${name}`,
      description: `No message has reached ${topic} in the last ${hours}, and the day before there were some at this time. Ask who sends; then look ${
        protocol === "rtmp" ? "at the RTMP server" : "at the edge"
      } and at the endpoint's log (kubectl -n ${plan.namespace} logs statefulset/${endpoint.name}).`,
    };
  });
}
