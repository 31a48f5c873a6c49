import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  Consumer,
  MessagesStreamModes,
  Producer,
  ResourcePatternTypes,
  ResourceTypes,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";
import { allowedOperations, type KafkaAccess } from "../../components/data/kafka/access";

/** Who connects, and where. */
export interface KafkaLogin {
  /** `host:port` of brokers. */
  readonly brokers: readonly string[];
  /** Undefined: does not log in. */
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority; undefined: no TLS. */
  readonly caCertificate?: string;
  /** How often a request is repeated: not at all where a refusal is expected. @default 10 */
  readonly retries?: number;
}

interface ConnectionOptions {
  readonly clientId: string;
  readonly bootstrapBrokers: string[];
  readonly retries: number;
  readonly retryDelay: number;
  readonly connectTimeout: number;
  readonly requestTimeout: number;
  readonly sasl?: { mechanism: "SCRAM-SHA-512"; username: string; password: string };
  readonly tls?: { ca: string };
}

function connection(login: KafkaLogin): ConnectionOptions {
  const { username, password = "" } = login;
  return {
    clientId: "algorun-test",
    bootstrapBrokers: [...login.brokers],
    retries: login.retries ?? 10,
    retryDelay: 300,
    connectTimeout: 5_000,
    requestTimeout: 10_000,
    ...(username === undefined ? {} : { sasl: { mechanism: "SCRAM-SHA-512", username, password } }),
    ...(login.caCertificate === undefined ? {} : { tls: { ca: login.caCertificate } }),
  };
}

/** Does something as an administrator. */
export async function administer<Result>(
  login: KafkaLogin,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = new Admin(connection(login));
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

/** A producer whose connections stay open. */
export class HeldProducer {
  private constructor(private readonly producer: Producer<string, string, string, string>) {}

  static async open(login: KafkaLogin): Promise<HeldProducer> {
    const serializers = stringSerializers;
    const producer = new Producer({ ...connection(login), serializers, autocreateTopics: false, acks: -1 });
    await producer.metadata({ topics: [] });
    return new HeldProducer(producer);
  }

  /** Writes one message that every copy that is in sync must have. */
  async send(topic: string, value: string): Promise<void> {
    await this.producer.send({ messages: [{ topic, key: "key", value }] });
  }

  async close(): Promise<void> {
    await this.producer.close();
  }
}

/** Writes one message that every copy that is in sync must have. */
export async function produce(login: KafkaLogin, topic: string, value: string): Promise<void> {
  const producer = await HeldProducer.open(login);
  try {
    await producer.send(topic, value);
  } finally {
    await producer.close();
  }
}

/** Reads the first message of a topic as a member of a consumer group. */
export async function consumeFirst(login: KafkaLogin, topic: string, groupId: string): Promise<string> {
  const consumer = new Consumer({
    ...connection(login),
    groupId,
    deserializers: stringDeserializers,
    autocommit: false,
  });
  try {
    const stream = await consumer.consume({
      topics: [topic],
      mode: MessagesStreamModes.EARLIEST,
      maxWaitTime: 500,
    });
    // Leaving the loop closes the stream.
    for await (const message of stream) return message.value;
    throw new Error(`the stream of ${topic} ended without a message`);
  } finally {
    await consumer.close();
  }
}

/** Reads from the first partition of a topic, named by its identifier, in no consumer group; fails when refused. */
export async function tryFetch(login: KafkaLogin, topicId: string): Promise<void> {
  const consumer = new Consumer({ ...connection(login), groupId: "none" });
  try {
    const { brokers } = await consumer.metadata({ topics: [] });
    const [node = 0] = brokers.keys();
    const partition = {
      partition: 0,
      currentLeaderEpoch: -1,
      fetchOffset: 0n,
      lastFetchedEpoch: -1,
      partitionMaxBytes: 1024,
    };
    await consumer.fetch({
      node,
      topics: [{ topicId, partitions: [partition] }],
      maxWaitTime: 0,
      minBytes: 0,
    });
  } finally {
    await consumer.close();
  }
}

/** Joins a consumer group, and leaves it on closing; fails when refused. */
export async function tryGroup(login: KafkaLogin, groupId: string): Promise<void> {
  const consumer = new Consumer({ ...connection(login), groupId });
  try {
    await consumer.joinGroup({});
  } finally {
    await consumer.close();
  }
}

/** Allows a user what our identities are allowed. */
export async function grant(login: KafkaLogin, username: string, access: KafkaAccess): Promise<void> {
  const operations = { Read: AclOperations.READ, Write: AclOperations.WRITE };
  const types = {
    Topic: ResourceTypes.TOPIC,
    Group: ResourceTypes.GROUP,
    TransactionalID: ResourceTypes.TRANSACTIONAL_ID,
  };
  const patterns = { Literal: ResourcePatternTypes.LITERAL, Prefixed: ResourcePatternTypes.PREFIXED };
  const creations = allowedOperations(access).map(({ resourceType, resourceName, pattern, operation }) => ({
    resourceType: types[resourceType],
    resourceName,
    resourcePatternType: patterns[pattern],
    principal: `User:${username}`,
    host: "*",
    operation: operations[operation],
    permissionType: AclPermissionTypes.ALLOW,
  }));
  await administer(login, (admin) => admin.createAcls({ creations }));
}

/** Where Kafka's own tools are. */
export interface KafkaTools {
  readonly libraries: string;
  /** For the file that they log in by. */
  readonly folder: string;
  readonly java: string;
}

/** Makes a SCRAM user with Kafka's own tool. */
export async function createUser(
  login: KafkaLogin,
  user: { readonly username: string; readonly password: string },
  tools: KafkaTools,
): Promise<void> {
  const change = ["--add-config", `SCRAM-SHA-512=[password=${user.password}]`];
  await alterUser(login, user.username, change, tools);
}

/** Takes a SCRAM user away, as the provider does. */
export async function removeUser(login: KafkaLogin, username: string, tools: KafkaTools): Promise<void> {
  await alterUser(login, username, ["--delete-config", "SCRAM-SHA-512"], tools);
}

async function alterUser(
  login: KafkaLogin,
  username: string,
  change: readonly string[],
  { libraries, folder, java }: KafkaTools,
): Promise<void> {
  const settings = join(folder, "administrator.properties");
  writeFileSync(
    settings,
    [
      "security.protocol=SASL_PLAINTEXT",
      "sasl.mechanism=SCRAM-SHA-512",
      `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${login.username ?? ""}" password="${login.password ?? ""}";`,
    ].join("\n"),
  );
  const tool = ["-Xmx128m", "-cp", join(libraries, "*"), "kafka.admin.ConfigCommand"];
  const target = ["--bootstrap-server", login.brokers.join(","), "--command-config", settings];
  const entity = ["--entity-type", "users", "--entity-name", username];
  await promisify(execFile)(java, [...tool, ...target, "--alter", ...change, ...entity]);
}

/** Everything that an error and its causes say. */
export function reasons(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.map(reasons) : [];
  const id = "apiId" in error ? String(error.apiId) : "";
  return [id, error.message, ...inner, error.cause === undefined ? "" : reasons(error.cause)].join(" ");
}

/** Why something was refused; fails when it wasn't. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return reasons(error);
  }
  throw new Error("it was allowed, expected a refusal");
}
