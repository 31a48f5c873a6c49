import { pbkdf2Sync, randomBytes } from "node:crypto";
import {
  AclOperations,
  AclPermissionTypes,
  alterUserScramCredentialsV0,
  Connection,
  ResourcePatternTypes,
  ResourceTypes,
  ScramMechanisms,
  type Admin,
} from "@platformatic/kafka";
import { z } from "zod";
import type { Connections } from "../../config/connections-schema";
import { administer } from "./kafka-client";

/** A resource of the Kafka provider, as a program registers it, or as a state has it in clear. */
export interface KafkaResource {
  /** Such as `kafka:index/topic:Topic`; those of other providers are left out. */
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What is made differently from what a resource says. */
export interface BrokerOptions {
  /** Topics have one copy, as there is no other broker. @default false */
  readonly onlyBroker?: boolean;
}

const topicSchema = z.object({
  name: z.string(),
  partitions: z.number(),
  replicationFactor: z.number(),
  config: z.record(z.string(), z.string()).default({}),
});
const userSchema = z.object({
  username: z.string(),
  password: z.string(),
  scramMechanism: z.literal("SCRAM-SHA-512"),
  scramIterations: z.number().default(4096),
});
const accessSchema = z.object({
  aclPrincipal: z.string(),
  aclHost: z.string(),
  aclOperation: z.enum(["Read", "Write", "Describe"]),
  aclPermissionType: z.literal("Allow"),
  aclResourceType: z.enum(["Topic", "Group", "TransactionalID"]),
  aclResourceName: z.string(),
  resourcePatternTypeFilter: z.enum(["Literal", "Prefixed"]).default("Literal"),
});

const operations = {
  Read: AclOperations.READ,
  Write: AclOperations.WRITE,
  Describe: AclOperations.DESCRIBE,
};
const resourceTypes = {
  Topic: ResourceTypes.TOPIC,
  Group: ResourceTypes.GROUP,
  TransactionalID: ResourceTypes.TRANSACTIONAL_ID,
};
const patterns = { Literal: ResourcePatternTypes.LITERAL, Prefixed: ResourcePatternTypes.PREFIXED };

/** How many things are made at once. */
const batch = 200;

/** Makes the topics, users and access rules of resources, with nothing between this and the broker. */
export async function fillBroker(
  kafka: Connections["kafka"],
  resources: readonly KafkaResource[],
  { onlyBroker = false }: BrokerOptions = {},
): Promise<void> {
  const inputsOf = <Schema extends z.ZodType>(type: string, schema: Schema): readonly z.infer<Schema>[] =>
    resources.filter((each) => each.type === `kafka:index/${type}`).map(({ inputs }) => schema.parse(inputs));
  const topics = inputsOf("topic:Topic", topicSchema);
  const rules = inputsOf("acl:Acl", accessSchema);
  await administer({ ...kafka, brokers: kafka.bootstrapServers }, async (admin) => {
    for (const some of batches(topics))
      await Promise.all(some.map((topic) => makeTopic(admin, onlyBroker ? withOneCopy(topic) : topic)));
    for (const some of batches(rules)) await admin.createAcls({ creations: some.map(creationOf) });
  });
  await makeUsers(kafka, inputsOf("userScramCredential:UserScramCredential", userSchema));
}

async function makeTopic(
  admin: Admin,
  { name, partitions, replicationFactor: replicas, config }: z.infer<typeof topicSchema>,
): Promise<void> {
  const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  await admin.createTopics({ topics: [name], partitions, replicas, configs });
}

function withOneCopy(topic: z.infer<typeof topicSchema>): z.infer<typeof topicSchema> {
  const config = Object.entries(topic.config).filter(([key]) => key !== "min.insync.replicas");
  return { ...topic, replicationFactor: 1, config: Object.fromEntries(config) };
}

function creationOf(
  rule: z.infer<typeof accessSchema>,
): Parameters<Admin["createAcls"]>[0]["creations"][number] {
  return {
    principal: rule.aclPrincipal,
    host: rule.aclHost,
    operation: operations[rule.aclOperation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: resourceTypes[rule.aclResourceType],
    resourceName: rule.aclResourceName,
    resourcePatternType: patterns[rule.resourcePatternTypeFilter],
  };
}

/** In requests of their own, for which an {@link Admin} has no method; Kafka's own tool would start a Java for each. */
async function makeUsers(
  { bootstrapServers: [address = ""], username, password, caCertificate }: Connections["kafka"],
  users: readonly z.infer<typeof userSchema>[],
): Promise<void> {
  const connection = new Connection("algorun-test", {
    tls: { ca: caCertificate },
    sasl: { mechanism: "SCRAM-SHA-512", username, password },
  });
  const { hostname, port } = new URL(`kafka://${address}`);
  await connection.connect(hostname, Number(port));
  try {
    for (const some of batches(users))
      await alterUserScramCredentialsV0.api.async(connection, [], some.map(credentialOf));
  } finally {
    await connection.close();
  }
}

function credentialOf({
  username: name,
  password,
  scramIterations: iterations,
}: z.infer<typeof userSchema>): {
  name: string;
  mechanism: number;
  iterations: number;
  salt: Buffer;
  saltedPassword: Buffer;
} {
  const salt = randomBytes(32);
  const saltedPassword = pbkdf2Sync(password, salt, iterations, 64, "sha512");
  return { name, mechanism: ScramMechanisms.SCRAM_SHA_512, iterations, salt, saltedPassword };
}

function batches<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / batch) }, (_, index) =>
    items.slice(index * batch, (index + 1) * batch),
  );
}
