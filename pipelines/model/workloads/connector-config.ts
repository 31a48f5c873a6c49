import { checkOptions } from "../document/check-connector-options";
import type { LinkedConnector } from "../link/link-connectors";
import { deadLettersOutput } from "../link/link-pipes";
import type { ConnectorOption, IdentityPlan, MountedSecret } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import type { ConnectorOptionSpec } from "../schema/connector-schema";
import { schemaHistoryOptions, schemaHistoryTopic } from "../topics/schema-history";
import { distinct, oneOf, shortHash, sortedByKey } from "../values/text";

type Config = Readonly<Record<string, ConnectorOption>>;

/** Name of our own transform in a connector's chain; those of several outputs have a suffix. */
const routeAlias = "algorunRoute";

/**
 * Defaults that a document may override. What fails for the time being (a `RetriableException` of Connect) is tried again
 * for ten minutes, at most a minute apart; what fails for good ends the task, and is logged without its content.
 */
const defaults: Config = {
  "errors.log.enable": "true",
  "errors.log.include.messages": "false",
  "errors.retry.delay.max.ms": "60000",
  "errors.retry.timeout": "600000",
};

/** What only sinks have beside them: keys of messages are text here, which the workers' own JSON would refuse. */
const sinkDefaults: Config = { "key.converter": "org.apache.kafka.connect.storage.StringConverter" };

/** What is registered for a connector: the options of its document, those of the deployment over them, and ours. */
export function connectorConfig(
  linked: LinkedConnector,
  context: PlanContext,
  { consumerGroup }: Pick<IdentityPlan, "consumerGroup">,
): Config {
  const { connector, spec, at } = linked;
  const { source } = context.linked;
  checkOptions(spec.options, connector.dataConnectorType, source, [...at, "options"], context.report);
  const stated: Config = { ...optionsOf(connector.options), ...optionsOf(spec.options) };
  const isSink = connector.dataConnectorType === "Sink";
  const own = isSink ? sinkConfig : sourceConfig;
  return sortedByKey({
    ...defaults,
    ...(isSink ? sinkDefaults : {}),
    ...stated,
    ...own(linked, stated, context),
    ...schemaHistory(linked, context, consumerGroup),
    "connector.class": connector.connectorClass,
    "tasks.max": String(spec.tasksMax),
  });
}

/** Where a source keeps the history of schemas; how it logs in there is for what knows the platform's Kafka. */
function schemaHistory(linked: LinkedConnector, context: PlanContext, group: string | undefined): Config {
  const history = schemaHistoryTopic(context.linked, linked);
  if (history === undefined || group === undefined) return {};
  return { [schemaHistoryOptions.topic]: history.name, [schemaHistoryOptions.group]: group };
}

/** The Secrets that a configuration refers to. */
export function referencedSecrets(config: Config): readonly MountedSecret[] {
  const references = Object.values(config).flatMap((value) => (typeof value === "string" ? [] : [value]));
  return distinct(references.map(({ secret }) => secret)).map((name) => ({
    name,
    keys: distinct(references.filter(({ secret }) => secret === name).map(({ key }) => key)),
  }));
}

function optionsOf(options: Readonly<Record<string, ConnectorOptionSpec>>): Config {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      typeof value === "object"
        ? { secret: value.secretKeyRef.name, key: value.secretKeyRef.key }
        : String(value),
    ]),
  );
}

/** A sink reads what is piped into it; what it can't deliver goes to the topic of its only output, if it has one. */
function sinkConfig({ name, reference, at }: LinkedConnector, stated: Config, context: PlanContext): Config {
  const { report, topics, linked } = context;
  const reads = topics.into(name);
  if (reads.length === 0) {
    report.error(linked.source, at, `no pipe leads to the sink ${reference}, expected at least one`);
  }
  const said = stated["topics"];
  const names = typeof said === "string" ? distinct(said.split(",").map((topic) => topic.trim())) : [];
  if (said !== undefined && names.join(",") !== reads.join(",")) {
    const message = `a sink reads the topics that are piped into it, which are ${oneOf(reads)}; remove the option`;
    report.error(linked.source, [...at, "options", "topics"], message);
  }
  const letters = topics.of(name, deadLettersOutput)?.plan.name;
  if (letters === undefined) return { topics: reads.join(",") };
  const tolerance = stated["errors.tolerance"] ?? "all";
  if (tolerance !== "all") {
    const message = `expected "all", since ${reference} has an output ${deadLettersOutput}: Connect keeps a dead letter only where it may go on without the message`;
    report.error(linked.source, [...at, "options", "errors.tolerance"], message);
  }
  const headers = "errors.deadletterqueue.context.headers.enable";
  return {
    topics: reads.join(","),
    [headers]: stated[headers] ?? "true",
    "errors.deadletterqueue.topic.name": letters,
    "errors.tolerance": tolerance,
  };
}

/**
 * Whatever topics a source names, its messages go into those of the pipeline: with one output all of them, with several
 * each into the output that has the name of the topic.
 */
function sourceConfig(linked: LinkedConnector, stated: Config, context: PlanContext): Config {
  const { report, topics } = context;
  const { source } = context.linked;
  const outputs = topics.planned
    .filter(({ plan }) => plan.producedBy.component === linked.name && plan.purpose === undefined)
    .map(({ plan }) => ({ topic: plan.name, output: plan.producedBy.port }));
  if (outputs.length === 0) {
    const message = `no pipe leads from the source ${linked.reference}, expected at least one, or a topic for an output`;
    report.error(source, linked.at, message);
  }
  const chain = stated["transforms"] ?? "";
  const at: readonly PathStep[] = [...linked.at, "options", "transforms"];
  if (typeof chain !== "string") report.error(source, at, "found a secret, expected names of transforms");
  const aliases = typeof chain === "string" ? chain.split(",").map((alias) => alias.trim()) : [];
  if (aliases.some((alias) => alias.startsWith(routeAlias))) {
    report.error(source, at, `found a name that begins with ${routeAlias}, which is taken; expected another`);
  }
  const routes = outputs.map(({ topic, output }) => ({
    alias: outputs.length === 1 ? routeAlias : `${routeAlias}-${shortHash(output)}`,
    regex: outputs.length === 1 ? ".*" : output.replaceAll(".", "\\."),
    topic,
  }));
  return {
    transforms: [...aliases.filter((alias) => alias !== ""), ...routes.map(({ alias }) => alias)].join(","),
    ...Object.fromEntries(
      routes.flatMap(({ alias, regex, topic }) => [
        [`transforms.${alias}.type`, "org.apache.kafka.connect.transforms.RegexRouter"],
        [`transforms.${alias}.regex`, regex],
        [`transforms.${alias}.replacement`, topic],
      ]),
    ),
  };
}
