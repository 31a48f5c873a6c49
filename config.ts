import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { KafkaAdministrator } from "./components/data/kafka/administration";
import { settingsSchema, type Settings } from "./config-schema";
import { readEmbedded, type ClusterAccess } from "./embedded";
import { nearestName } from "./pipelines/model/document/nearest-name";
import type { NeededService } from "./reachability";

/** The project's namespace of config keys. */
const project = "algorun";

/** The stack's config, checked whole: the one object that the program is made from. */
export interface Config extends Settings {
  /** Cluster to deploy to. */
  readonly cluster: ClusterAccess;
  /** Administration of Kafka when it differs from what pods use. */
  readonly kafkaAdministration: KafkaAdministrator | undefined;
  /** What must answer before anything is made. */
  readonly neededServices: readonly NeededService[];
  /** Where alerts are posted. */
  readonly alertWebhookUrl: pulumi.Output<string> | undefined;
  /** Access key of an external object storage. */
  readonly objectStorageSecretAccessKey: pulumi.Output<string> | undefined;
  /** `.dockerconfigjson` for private images. */
  readonly pullSecret: pulumi.Output<string> | undefined;
  /** Whether topics, buckets and volumes outlive their removal from the stack: everywhere but in dev. */
  readonly retainData: boolean;
}

/** Config keys that hold a secret by themselves; all others are read as one checked object. */
const secretKeys = [
  "alertWebhookUrl",
  "kafkaPassword",
  "objectStorageSecretAccessKey",
  "pullSecret",
] as const;

/**
 * Reads the stack's config.
 *
 * @throws pulumi.RunError naming every unknown key and every wrong value at once
 */
export function readConfig(): Config {
  const config = new pulumi.Config(project);
  const settings = parseSettings(configValues(config));
  const embedded = settings.connections === undefined ? undefined : readEmbedded(settings.connections);
  const administration = embedded?.kafkaAdministration ?? configuredAdministration(settings, config);
  const external = settings.objectStorage.engine === "external";
  return {
    ...settings,
    cluster: embedded?.cluster ?? { ...settings.kubernetes, kubeconfig: undefined, identifier: undefined },
    kafkaAdministration: administration,
    neededServices: embedded?.neededServices ?? externalServices(settings, administration),
    alertWebhookUrl: config.getSecret("alertWebhookUrl"),
    objectStorageSecretAccessKey: external ? config.requireSecret("objectStorageSecretAccessKey") : undefined,
    pullSecret: config.getSecret("pullSecret"),
    retainData: settings.environment !== "dev",
  };
}

/**
 * Checks the values of all keys.
 *
 * @param values - values by key, without the project's prefix
 * @throws pulumi.RunError with one line for each mistake
 */
export function parseSettings(values: Readonly<Record<string, unknown>>): Settings {
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.flatMap(describeIssue);
  throw new pulumi.RunError(
    `The stack's config has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:\n` +
      mistakes.map((mistake) => `  ${mistake}`).join("\n"),
  );
}

function configValues(config: pulumi.Config): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const prefix = `${project}:`;
  const structured = new Set(Object.keys(settingsSchema.shape));
  for (const key of Object.keys(pulumi.runtime.allConfig()).sort()) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    if (secretKeys.some((secret) => secret === name)) continue;
    values[name] = structured.has(name) ? structuredValue(config, name) : config.get(name);
  }
  return values;
}

/** Plain strings are stored as they are, everything else as JSON. */
function structuredValue(config: pulumi.Config, name: string): unknown {
  const text = config.require(name);
  if (!/^[[{\d]|^(true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const key = `${project}:${issue.path.map(String).join(".")}`;
  if (issue.code !== "unrecognized_keys") return [`${key}: ${issue.message}`];
  return issue.keys.map((unknown) => {
    const near = nearestName(unknown, knownKeysAt(issue.path));
    const name = issue.path.length === 0 ? `${project}:${unknown}` : `${key}.${unknown}`;
    return `${name}: no such key${near === undefined ? "" : `; did you mean ${near}?`}`;
  });
}

function knownKeysAt(path: readonly PropertyKey[]): string[] {
  let shapes: readonly z.ZodRawShape[] = [settingsSchema.shape];
  for (const step of path) {
    if (typeof step === "number") continue;
    shapes = shapes.flatMap((shape) => shapesOf(shape[String(step)]));
  }
  const keys = shapes.flatMap((shape) => Object.keys(shape));
  return path.length === 0 ? [...keys, ...secretKeys] : keys;
}

/** The objects that a value of the schema can be: itself, its elements, or one for each kind. */
function shapesOf(schema: unknown): z.ZodRawShape[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return [inner.shape];
  if (inner instanceof z.ZodArray) return shapesOf(inner.element);
  if (inner instanceof z.ZodDiscriminatedUnion) return inner.options.flatMap(shapesOf);
  return [];
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap());
  }
  return schema;
}

function configuredAdministration(settings: Settings, config: pulumi.Config): KafkaAdministrator | undefined {
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
