import type { AutoscalingPlan, ScaleMetricPlan, ScaleTargetPlan } from "../../pipelines/model/plan/plan";
import type { KafkaService } from "../platform-services";
import type { KafkaTrigger, ResourceTrigger, ScaleTrigger } from "../workload/keda";

/** What KEDA needs in order to ask Kafka about a component. */
export interface LagSource {
  readonly kafka: KafkaService;
  /** Name of the TriggerAuthentication with the component's own credentials. */
  readonly authentication: string;
}

/** The oldest Kafka that is asked; every newer one answers, too. */
const kafkaVersion = "2.8.0";

/** Whether an autoscaler follows the lag of its component, so that it must be KEDA's. */
export function followsLag(plan: AutoscalingPlan | undefined): boolean {
  return plan?.metrics.some(({ source }) => source === "ConsumerLag") === true;
}

/** KEDA's triggers for the metrics of an autoscaler that follows lag. */
export function lagTriggers(metrics: readonly ScaleMetricPlan[], source: LagSource): readonly ScaleTrigger[] {
  return metrics.map((metric) => {
    if (metric.source === "ConsumerLag") return kafkaTrigger(metric, source);
    if (metric.source === "Resource") return resourceTrigger(metric.resource, metric.target);
    throw new Error(`KEDA follows no metric of the kind ${metric.source}`);
  });
}

function kafkaTrigger(
  metric: Extract<ScaleMetricPlan, { readonly source: "ConsumerLag" }>,
  { kafka, authentication }: LagSource,
): KafkaTrigger {
  return {
    type: "kafka",
    metadata: {
      bootstrapServers: kafka.bootstrapServers,
      consumerGroup: metric.consumerGroup,
      topic: metric.topic,
      lagThreshold: String(metric.lagPerPod),
      // A group that has read nothing yet has all of the topic before it.
      offsetResetPolicy: "earliest",
      sasl: saslModes[kafka.saslMechanism],
      tls: kafka.securityProtocol === "SASL_SSL" ? "enable" : "disable",
      version: kafkaVersion,
    },
    authenticationRef: { name: authentication },
  };
}

const saslModes = { "SCRAM-SHA-512": "scram_sha512" } as const;

function resourceTrigger(resource: string, target: ScaleTargetPlan): ResourceTrigger {
  const type = resource === "memory" ? "memory" : "cpu";
  if (target.type === "Utilization") {
    return { type, metricType: target.type, metadata: { value: String(target.averageUtilization) } };
  }
  const value = target.type === "AverageValue" ? target.averageValue : target.value;
  return { type, metricType: "AverageValue", metadata: { value } };
}
