import { pbkdf2Sync, randomBytes } from "node:crypto";
import {
  AclOperations,
  AclPermissionTypes,
  alterUserScramCredentialsV0,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import { KafkaCluster } from "@algorun/common";
import { z } from "zod";
import type { Connections } from "../../config/connections-schema";
import { ensurePki } from "../../local/certificates/pki";
import { startBroker } from "../../local/kafka/broker";
import type { Layout } from "../../local/layout";
import { choosePorts } from "../../local/process/ports";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { RegisteredResource } from "../harness/deploy";
import { administer } from "../software/kafka-client";

const topicSchema = z.object({
  name: z.string(),
  partitions: z.number(),
  config: z.record(z.string(), z.string()).default({}),
});
const credentialSchema = z.object({
  username: z.string(),
  password: z.string(),
  scramMechanism: z.literal("SCRAM-SHA-512"),
});

const operations = {
  Describe: AclOperations.DESCRIBE,
  Read: AclOperations.READ,
  Write: AclOperations.WRITE,
} as const;
const types = {
  Group: ResourceTypes.GROUP,
  Topic: ResourceTypes.TOPIC,
  TransactionalID: ResourceTypes.TRANSACTIONAL_ID,
} as const;
const patterns = { Literal: ResourcePatternTypes.LITERAL, Prefixed: ResourcePatternTypes.PREFIXED } as const;

const aclSchema = z.object({
  aclPrincipal: z.string(),
  aclHost: z.string(),
  aclOperation: z.enum(["Describe", "Read", "Write"]),
  aclPermissionType: z.literal("Allow"),
  aclResourceName: z.string(),
  aclResourceType: z.enum(["Group", "Topic", "TransactionalID"]),
  resourcePatternTypeFilter: z.enum(["Literal", "Prefixed"]),
});

/** Starts a broker as `make up` does, with TLS. */
export async function startEmbeddedBroker(layout: Layout): Promise<Connections["kafka"]> {
  const { java, kafka } = await resolveTools(["java", "kafka"]);
  const [pki, ports] = [await ensurePki(layout), await choosePorts(layout)];
  const started = await startBroker({ layout, pki, ports, java: java.path, jars: kafka.path });
  return { ...started, bootstrapServers: [...started.bootstrapServers] };
}

/**
 * Makes the topics, the users and the rights in a broker that were registered: those, and no others. It is the only broker,
 * so that a topic has one copy.
 */
export async function makeRegistered(
  kafka: Connections["kafka"],
  resources: readonly RegisteredResource[],
): Promise<void> {
  const login = { ...kafka, brokers: kafka.bootstrapServers };
  const of = (type: string): readonly unknown[] =>
    resources.filter((resource) => resource.type === `kafka:index/${type}`).map(({ inputs }) => inputs);
  const topics = of("topic:Topic").map((inputs) => topicSchema.parse(inputs));
  const acls = of("acl:Acl").map((inputs) => aclSchema.parse(inputs));
  await administer(login, async (admin) => {
    const made = topics.map(({ name, partitions, config }) => {
      const configs = Object.entries(config)
        .filter(([key]) => key !== "min.insync.replicas")
        .map(([key, value]) => ({ name: key, value }));
      return admin.createTopics({ topics: [name], partitions, replicas: 1, configs });
    });
    await Promise.all(made);
    await admin.createAcls({
      creations: acls.map((acl) => ({
        resourceType: types[acl.aclResourceType],
        resourceName: acl.aclResourceName,
        resourcePatternType: patterns[acl.resourcePatternTypeFilter],
        principal: acl.aclPrincipal,
        host: acl.aclHost,
        operation: operations[acl.aclOperation],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    });
  });
  const users = of("userScramCredential:UserScramCredential").map((inputs) => credentialSchema.parse(inputs));
  await createUsers(kafka, users);
}

/** SCRAM-SHA-512 as Kafka's own tool has it. */
const scram = { mechanism: 2, iterations: 4096, bytes: 64 } as const;

/** Makes users in one request; Kafka's own tool would start a Java for each. */
async function createUsers(
  { bootstrapServers, username, password, caCertificate }: Connections["kafka"],
  users: readonly z.infer<typeof credentialSchema>[],
): Promise<void> {
  const cluster = new KafkaCluster({
    clientId: "algorun-test",
    bootstrapBrokers: [...bootstrapServers],
    connectTimeout: 5_000,
    requestTimeout: 20_000,
    sasl: { mechanism: "SCRAM-SHA-512", username, password },
    tls: { ca: caCertificate },
  });
  try {
    const [node = 0] = (await cluster.metadata([])).brokers.keys();
    const insertions = users.map((user) => {
      const salt = randomBytes(16);
      const saltedPassword = pbkdf2Sync(user.password, salt, scram.iterations, scram.bytes, "sha512");
      return {
        name: user.username,
        mechanism: scram.mechanism,
        iterations: scram.iterations,
        salt,
        saltedPassword,
      };
    });
    await alterUserScramCredentialsV0.api.async(await cluster.connection(node), [], insertions);
  } finally {
    await cluster.close();
  }
}
