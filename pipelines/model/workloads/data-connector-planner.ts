import { connectTopicNames } from "../topics/connect-topics";
import { schemaHistoryOptions, schemaHistoryTopic } from "../topics/schema-history";
import { connectorConfig, referencedSecrets } from "./connector-config";
import type { LinkedConnector } from "../link/link-connectors";
import { labelValue } from "../values/names";
import type { DataConnectorPlan, EgressPlan, IdentityPlan, IngressPlan } from "../plan/plan";
import { lagReader, planIdentity, type PlanContext } from "../plan-context";
import { distinct, sortedByKey } from "../values/text";
import { helperResources } from "./resources-planner";
import { componentLabels, planImage, planWorkload } from "./workload-planner";

/** Port of a worker's REST API: Kafka Connect's own. */
const restPort = 8083;
/** Port on which the JMX agent serves /metrics: the one that Prometheus' list of ports keeps for it. */
const metricsPort = 9404;

/** One data connector of a deployment. */
export function planDataConnector(
  linked: LinkedConnector,
  context: PlanContext,
): DataConnectorPlan | undefined {
  const { report, linked: deployment } = context;
  const { connector, spec, version, name, at } = linked;
  const imageAt = [...linked.versionAt, "image"];
  const image =
    version.image.repository === undefined
      ? undefined
      : planImage(version.image, linked.connectorSource, imageAt, report);
  checkPipes(linked, context);
  const identity = connectIdentity(linked, context);
  const config = connectorConfig(linked, context, identity);
  const agent = version.metricsAgent;
  const ingress: readonly IngressPlan[] =
    agent === undefined ? [] : [{ from: "observability", port: metricsPort }];
  return {
    kind: "dataConnector",
    name,
    labels: {
      ...componentLabels(context.labels, "dataconnector", name),
      "algo.run/dataconnector": labelValue(connector.name),
      "algo.run/index": String(spec.index),
    },
    identity,
    ...planWorkload(spec, "dataConnector", at, context, lagReader(context, name, identity)),
    metricsPort: agent === undefined ? undefined : metricsPort,
    network: { ingress, egress: [{ to: "kafka" }, ...planEgress(linked, context)] },
    connector: {
      name: connector.name,
      type: connector.dataConnectorType,
      versionTag: version.versionTag,
      index: spec.index,
    },
    tasksMax: spec.tasksMax,
    autoRestart: planAutoRestart(linked, context),
    image,
    helperResources,
    metricsAgent: agent,
    restPort,
    registeredName: registeredName(linked, context),
    internalTopics: connectTopicNames(deployment, linked),
    kafkaOptions: schemaHistoryTopic(deployment, linked) && {
      bootstrapServers: schemaHistoryOptions.bootstrapServers,
      clientPrefixes: schemaHistoryOptions.clientPrefixes,
    },
    config,
    secrets: referencedSecrets(config),
  };
}

function planAutoRestart(
  { spec, at }: LinkedConnector,
  { report, linked }: PlanContext,
): DataConnectorPlan["autoRestart"] {
  const { enabled, maxRestarts } = spec.autoRestart;
  if (enabled) return maxRestarts === undefined ? {} : { maxRestarts };
  if (maxRestarts !== undefined) {
    const message = "has no effect, since nothing is restarted; remove it, or enabled: false";
    report.warning(linked.source, [...at, "autoRestart", "maxRestarts"], message);
  }
  return undefined;
}

/**
 * Name that a connector is registered by. Connect keeps the position of a source by it, and names the group of a sink
 * after it: so it is the name that the data has, which no rename of the deployment changes.
 */
function registeredName({ name }: LinkedConnector, { linked }: PlanContext): string {
  return `${linked.data.id}.${name}`;
}

/**
 * What Kafka's documentation asks for ("ACL requirements" of Kafka Connect), and nothing that makes topics: the group of
 * the workers, their three topics, the topics of the pipes, and for a sink the group that Connect names after it; for a source the topic
 * with its history of schemas, and the group in which it reads that.
 */
function connectIdentity(linked: LinkedConnector, context: PlanContext): IdentityPlan {
  const identity = planIdentity(context, linked.name);
  const { configs, offsets, status } = connectTopicNames(context.linked, linked);
  const history = schemaHistoryTopic(context.linked, linked);
  const internal = [configs, offsets, status, ...(history === undefined ? [] : [history.name])];
  const isSink = linked.connector.dataConnectorType === "Sink";
  const registered = registeredName(linked, context);
  return {
    username: identity.username,
    consumerGroup: isSink ? `connect-${registered}` : history && schemaHistoryGroup(registered),
    workerGroup: `algorun.${registered}.connect`,
    reads: distinct([...identity.reads, ...internal]),
    writes: distinct([...identity.writes, ...internal]),
  };
}

function schemaHistoryGroup(registered: string): string {
  return `algorun.${registered}.schema-history`;
}

function planEgress({ spec, at, reference }: LinkedConnector, context: PlanContext): readonly EgressPlan[] {
  const { report, linked } = context;
  if (spec.egress === undefined) {
    const message = `${reference} reaches nothing but Kafka: name the hosts and ports that it connects to in egress, or state egress: []`;
    report.warning(linked.source, at, message);
  }
  const targets = (spec.egress ?? []).map(({ host, port }): readonly [string, EgressPlan] => [
    `${host}:${port}`,
    { to: "external", host, port },
  ]);
  return Object.values(sortedByKey(Object.fromEntries(targets)));
}

/** Kafka Connect knows messages, and nothing of the objects that they may point to. */
function checkPipes({ name, reference }: LinkedConnector, { linked, topics, report }: PlanContext): void {
  for (const pipe of linked.pipes) {
    const isReference = pipe.messageDataType === "FileReference";
    if (pipe.from.component === name && isReference) {
      const message = `found "FileReference", expected "Embedded": ${reference} writes bytes into messages`;
      report.error(linked.source, [...pipe.at, "sourceOutputMessageDataType"], message);
    }
    const topic = topics.of(pipe.from.component, pipe.from.output);
    if (pipe.to.component === name && topic?.messageDataType === "FileReference") {
      const message = `${reference} gets pointers into object storage, not the bytes; put an algo between them that reads the bytes, or state messageDataType: Embedded`;
      report.warning(linked.source, pipe.at, message);
    }
  }
}
