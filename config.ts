import * as pulumi from "@pulumi/pulumi";
import type { KafkaAdministrator } from "./components/data/kafka/administration";
import { impossibleSettings } from "./config/impossible-settings";
import { parseSettings, settingsError } from "./config/parse-settings";
import { isSecretKey, type SecretKey } from "./config/secret-keys";
import { settingsSchema, type Settings } from "./config/settings-schema";
import { siblingStacks } from "./stack-files";
import { readEmbedded, type ClusterAccess } from "./embedded";
import type { SiblingStack } from "./pipelines/model/selection/deployment-selection";
import type { NeededService } from "./reachability";

export { parseSettings };

/** The project's namespace of config keys. */
const project = "algorun";

/** The stack's config, checked whole: the one object that the program is made from. */
export interface Config extends Settings {
  /** Cluster to deploy to. */
  readonly cluster: ClusterAccess;
  /** Administration of Kafka when it differs from what pods use. */
  readonly kafkaAdministration: KafkaAdministrator | undefined;
  /** Other stacks that make pipelines on the same platform, as far as their files lie beside this one's. */
  readonly siblings: readonly SiblingStack[];
  /** What must answer before anything is made. */
  readonly neededServices: readonly NeededService[];
  /** Where alerts are posted. */
  readonly alertWebhookUrl: pulumi.Output<string> | undefined;
  /** Access key of an external object storage. */
  readonly objectStorageSecretAccessKey: pulumi.Output<string> | undefined;
  /** Password of an external database. */
  readonly sqlPassword: pulumi.Output<string> | undefined;
  /** Password of an external Redis. */
  readonly redisPassword: pulumi.Output<string> | undefined;
  /** `.dockerconfigjson` for private images. */
  readonly pullSecret: pulumi.Output<string> | undefined;
  /** Whether topics, buckets and volumes outlive their removal from the stack: everywhere but in dev. */
  readonly retainData: boolean;
}

/**
 * Reads the stack's config.
 *
 * @param folder - where the settings of other stacks may lie
 * @throws pulumi.RunError naming every unknown key and every wrong value at once, or else every impossible combination
 */
export function readConfig(folder = __dirname): Config {
  const config = new pulumi.Config(project);
  const settings = checkedSettings(config);
  const embedded = settings.connections === undefined ? undefined : readEmbedded(settings.connections);
  const administration = embedded?.kafkaAdministration ?? configuredAdministration(settings, config);
  const external = settings.objectStorage.engine === "external";
  return {
    ...settings,
    cluster: embedded?.cluster ?? { ...settings.kubernetes, kubeconfig: undefined, identifier: undefined },
    kafkaAdministration: administration,
    siblings: siblingStacks(folder, settings.platformStack ?? pulumi.getStack(), pulumi.getStack()),
    neededServices: embedded?.neededServices ?? externalServices(settings, administration),
    alertWebhookUrl: secretOf(config, "alertWebhookUrl"),
    objectStorageSecretAccessKey: external ? config.requireSecret("objectStorageSecretAccessKey") : undefined,
    sqlPassword: secretOf(config, "sqlPassword"),
    redisPassword: secretOf(config, "redisPassword"),
    pullSecret: secretOf(config, "pullSecret"),
    retainData: settings.environment !== "dev",
  };
}

/** Checks the values of all keys, each by itself and all together. */
function checkedSettings(config: pulumi.Config): Settings {
  const settings = parseSettings(configValues(config));
  const secrets = configKeys().filter(isSecretKey);
  const mistakes = impossibleSettings(
    settings,
    new Set(secrets.filter((key) => secretOf(config, key) !== undefined)),
  );
  if (mistakes.length > 0) throw settingsError(mistakes);
  return settings;
}

/** The values of all keys but secrets, by key without the project's prefix. */
function configValues(config: pulumi.Config): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const structured = new Set(Object.keys(settingsSchema.shape));
  for (const name of configKeys().filter((key) => !isSecretKey(key))) {
    values[name] = structured.has(name) ? structuredValue(config, name) : config.get(name);
  }
  return values;
}

/** Keys that are set, or that `Pulumi.yaml` gives a default. */
function configKeys(): readonly string[] {
  const prefix = `${project}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  return keys.map((key) => key.slice(prefix.length)).sort();
}

/** Plain strings are stored as they are, everything else as JSON. */
function structuredValue(config: pulumi.Config, name: string): unknown {
  const text = config.get(name) ?? "";
  if (!/^[[{\d]|^(true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A secret; undefined where it has the empty default of `Pulumi.yaml`. */
function secretOf(config: pulumi.Config, key: SecretKey): pulumi.Output<string> | undefined {
  return config.get(key) ? config.getSecret(key) : undefined;
}

function configuredAdministration(settings: Settings, config: pulumi.Config): KafkaAdministrator | undefined {
  if (settings.kafka.mode === "msk") return undefined;
  const { administration } = settings.kafka;
  if (administration === undefined) return undefined;
  return {
    bootstrapServers: administration.bootstrapServers,
    username: administration.username,
    password: config.requireSecret("kafkaPassword"),
    caCertificate: administration.caCertificate,
    tls: administration.tls,
  };
}

/** A Kafka in the cluster is made by the same update; only one that somebody else runs must be there before. */
function externalServices(
  { kafka }: Settings,
  administration: KafkaAdministrator | undefined,
): NeededService[] {
  if (kafka.mode !== "external" || administration === undefined) return [];
  const remedy = "check algorun:kafka.administration.bootstrapServers, and the network from here to there";
  return [{ name: "Kafka", addresses: kafka.administration.bootstrapServers, remedy }];
}
