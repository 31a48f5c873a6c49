import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Admin } from "@platformatic/kafka";
import type { Pki } from "../certificates/pki";
import { writePrivate } from "../files";
import type { Layout } from "../layout";
import { ensureProcess, type ProcessSpec } from "../process/managed-process";
import type { Ports } from "../process/ports";
import { awaitReady } from "../process/readiness";
import { run } from "../process/run";
import { clientProperties, serverProperties } from "./properties";

/** What the broker is started from. */
export interface BrokerInput {
  readonly layout: Layout;
  readonly pki: Pki;
  readonly ports: Ports;
  /** The folder with Kafka's jars. */
  readonly jars: string;
  readonly java: string;
}

/** How to reach the broker as its administrator. */
export interface KafkaConnection {
  /** `host:port` of each broker. */
  readonly bootstrapServers: readonly string[];
  readonly username: string;
  readonly password: string;
  /** PEM certificate of the authority that signed the broker's. */
  readonly caCertificate: string;
}

/** The only super user. */
const username = "admin";

/** Memory of the broker's heap; a development broker with a thousand partitions stays below it. */
const heap = "384m";

/** Files of the broker. */
interface BrokerFiles {
  readonly data: string;
  readonly keyStore: string;
  readonly password: string;
  readonly properties: string;
}

/** The settings file with which Kafka's own command line tools log in as the administrator. */
export function clientPropertiesFile(layout: Layout): string {
  return join(layout.kafka, "client.properties");
}

/** Starts the broker unless it runs, and returns when it answers its administrator. */
export async function startBroker(input: BrokerInput): Promise<KafkaConnection> {
  const { layout, pki, ports } = input;
  const files = filesIn(layout);
  const connection = {
    bootstrapServers: [`127.0.0.1:${ports.kafka}`],
    username,
    password: ensurePassword(files.password),
    caCertificate: readFileSync(pki.authority, "utf8"),
  };
  const { certificate, key } = pki.of("kafka");
  writePrivate(files.keyStore, readFileSync(key, "utf8") + readFileSync(certificate, "utf8"));
  const settings = { ...connection, ports, keyStore: files.keyStore, trustStore: pki.authority };
  writePrivate(files.properties, serverProperties({ ...settings, data: files.data }));
  writePrivate(clientPropertiesFile(layout), clientProperties(settings));
  if (!existsSync(files.data)) await format(input, files, connection.password);
  await ensureProcess(layout, brokerProcess(input, files));
  await awaitReady(layout, "kafka", async () => {
    await topicsOf(connection);
    return true;
  });
  return connection;
}

/**
 * The topics on a broker, in alphabetical order, without Kafka's own.
 *
 * @throws if it can't be reached or refuses the credentials.
 */
export async function topicsOf(connection: KafkaConnection): Promise<readonly string[]> {
  const admin = new Admin({
    clientId: "algorun-local",
    bootstrapBrokers: [...connection.bootstrapServers],
    sasl: { mechanism: "SCRAM-SHA-512", username: connection.username, password: connection.password },
    tls: { ca: connection.caCertificate },
    retries: 0,
    connectTimeout: 5_000,
    requestTimeout: 5_000,
  });
  try {
    return (await admin.listTopics()).sort();
  } finally {
    await admin.close();
  }
}

/** Java's arguments before the class to run: the class path and what to log. */
export function javaArguments(jars: string): readonly string[] {
  return ["-cp", join(jars, "*"), `-Dlog4j2.configurationFile=${join(__dirname, "log4j2.properties")}`];
}

function brokerProcess({ ports, jars, java }: BrokerInput, files: BrokerFiles): ProcessSpec {
  return {
    name: "kafka",
    program: java,
    args: [
      `-Xms${heap}`,
      `-Xmx${heap}`,
      "-XX:+UseSerialGC",
      ...javaArguments(jars),
      "kafka.Kafka",
      files.properties,
    ],
    inputs: [files.properties, files.keyStore],
    ports: { clients: ports.kafka, controller: ports.kafkaController },
  };
}

/** Prepares the data folder, in one step: an interrupted attempt leaves none behind. */
async function format(input: BrokerInput, files: BrokerFiles, password: string): Promise<void> {
  const unfinished = `${files.data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const properties = `${files.properties}.format`;
  writePrivate(properties, `${readFileSync(files.properties, "utf8")}log.dirs=${unfinished}\n`);
  // Java reads its command line from a file, so that the password does not show in a list of processes.
  const command = [
    ...javaArguments(input.jars),
    "kafka.tools.StorageTool",
    "format",
    // In one word: an id that begins with a hyphen would be taken for an option.
    `--cluster-id=${randomBytes(16).toString("base64url")}`,
    "--config",
    properties,
    "--add-scram",
    `SCRAM-SHA-512=[name=${username},password=${password}]`,
  ];
  const argumentsFile = `${files.properties}.arguments`;
  writePrivate(argumentsFile, command.map((word) => `"${word.replace(/["\\]/g, "\\$&")}"`).join("\n"));
  await run(input.java, [`@${argumentsFile}`]);
  rmSync(argumentsFile);
  rmSync(properties);
  renameSync(unfinished, files.data);
}

function ensurePassword(path: string): string {
  if (!existsSync(path)) writePrivate(path, randomBytes(24).toString("base64url"));
  return readFileSync(path, "utf8");
}

function filesIn(layout: Layout): BrokerFiles {
  return {
    data: join(layout.kafka, "data"),
    keyStore: join(layout.kafka, "broker.pem"),
    password: join(layout.kafka, "admin-password"),
    properties: join(layout.kafka, "server.properties"),
  };
}
