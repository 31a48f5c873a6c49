import { present } from "./frozen";
import { endpointName } from "./link-pipes";
import { fillTopicName } from "./names";
import { knownNames } from "./nearest-name";
import type { EndpointPathPlan, EndpointPlan, JsonObject } from "./plan";
import { configHeader, type PlanContext } from "./plan-context";
import type { EndpointSpec } from "./schema-endpoint";
import { sortedByKey } from "./text";

/** Where the gateway keeps messages that wait for Kafka. */
export const defaultLogPath = "/var/lib/algorun/wal";

type ProducerSpec = NonNullable<EndpointSpec["producer"]>;

/** What the gateway reads: a document without brokers and credentials, which come by environment. */
export function gatewayConfig(
  { producer, kafka }: EndpointSpec,
  paths: readonly EndpointPathPlan[],
  ports: EndpointPlan["ports"],
  context: PlanContext,
): JsonObject {
  const storesBytes = context.topics.usesStorage(endpointName).writes && context.bucket !== undefined;
  return {
    ...configHeader(context),
    server: {
      http: { listen: `:${ports.http}` },
      grpc: { listen: `:${ports.grpc}` },
      monitoring: { listen: `:${ports.metrics}` },
    },
    kafka: { params: sortedByKey(kafka?.params ?? {}) },
    producer: {
      ...(producer?.cb && { cb: present(producer.cb) }),
      ...(producer?.resend && { resend: present(producer.resend) }),
      wal: logConfig(producer?.wal, context),
    },
    paths: paths.map((path) => present({ ...path })),
    // Requests of other deployments, copied to this one, come in under their path.
    ...(context.linked.copiesOf.length > 0 && { copiesOf: context.linked.copiesOf }),
    ...(storesBytes && { storage: { bucket: context.bucket } }),
  };
}

function logConfig(log: ProducerSpec["wal"], context: PlanContext): JsonObject {
  return {
    ...present({ mode: log?.mode }),
    in_memory: log?.in_memory ?? false,
    path: log?.path ?? defaultLogPath,
    always_topics: logTopics("always_topics", log?.always_topics ?? [], context),
    disable_topics: logTopics("disable_topics", log?.disable_topics ?? [], context),
  };
}

function logTopics(
  field: "always_topics" | "disable_topics",
  stated: readonly string[],
  { linked, topics, report }: PlanContext,
): readonly string[] {
  const own = topics.from(endpointName);
  return stated.map((topic, index) => {
    const name = fillTopicName(topic, linked.spec.deploymentOwner, linked.spec.deploymentName);
    if (!own.includes(name)) {
      const message = `found ${JSON.stringify(topic)}, expected a topic of the endpoint: ${knownNames(name, own)}`;
      report.error(linked.source, ["spec", "endpoint", "producer", "wal", field, index], message);
    }
    return name;
  });
}
