import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { KafkaAdministrator } from "./components/data/kafka/administration";
import { connectionsSchema, settingsSchema, type Connections, type Settings } from "./config-schema";
import { nearestName } from "./pipelines/model/nearest-name";

/** The project's namespace of config keys. */
const project = "algorun";

/** The stack's config, checked whole: the one object that the program is made from. */
export interface Config extends Settings {
  /** Cluster to deploy to; undefined kubeconfig: the one that kubectl uses. */
  readonly cluster: {
    readonly kubeconfig: pulumi.Output<string> | undefined;
    readonly context: string | undefined;
    /** Names the cluster, so that a moved address isn't taken for another cluster; undefined: the address does. */
    readonly identifier: string | undefined;
  };
  /** Administration of Kafka when it differs from what pods use. */
  readonly kafkaAdministration: KafkaAdministrator | undefined;
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
  const connections = settings.connections === undefined ? undefined : readConnections(settings.connections);
  return {
    ...settings,
    cluster: {
      kubeconfig: connections && pulumi.secret(readFile(connections.kubernetes.kubeconfig)),
      context: connections?.kubernetes.context ?? settings.kubernetes.context,
      identifier: connections?.kubernetes.context,
    },
    kafkaAdministration: connections
      ? embeddedAdministration(connections)
      : configuredAdministration(settings, config),
    alertWebhookUrl: config.getSecret("alertWebhookUrl"),
    objectStorageSecretAccessKey: config.getSecret("objectStorageSecretAccessKey"),
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

function readConnections(file: string): Connections {
  const parsed = connectionsSchema.safeParse(JSON.parse(readFile(file)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new pulumi.RunError(
    `${file} is not what the embedded environment writes (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}); type \`make up\` to write it anew`,
  );
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT"
        ? "does not exist"
        : "can't be read";
    throw new pulumi.RunError(
      `${file}, which algorun:connections names, ${reason}: start the embedded environment with \`make up\`, or choose another stack`,
    );
  }
}

function embeddedAdministration({ kafka }: Connections): KafkaAdministrator {
  return {
    bootstrapServers: kafka.bootstrapServers,
    username: kafka.username,
    password: pulumi.secret(kafka.password),
    caCertificate: kafka.caCertificate,
    tls: true,
  };
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
