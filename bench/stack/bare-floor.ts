import { pbkdf2Sync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  alterUserScramCredentialsV0,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import { z } from "zod";
import type { Connections } from "../../config/connections-schema";
import type { Environment } from "../../local/environment";
import { run } from "../../local/process/run";
import type { ExportedResource } from "./exported-resources";

const object = z.looseObject({ kind: z.string() });
const topic = z.object({
  name: z.string(),
  partitions: z.number(),
  replicationFactor: z.number(),
  config: z.record(z.string(), z.string()).default({}),
});
const acl = z.object({
  aclResourceName: z.string(),
  aclResourceType: z.enum(["Topic", "Group", "TransactionalID"]).transform(
    (type) =>
      ({
        Topic: ResourceTypes.TOPIC,
        Group: ResourceTypes.GROUP,
        TransactionalID: ResourceTypes.TRANSACTIONAL_ID,
      })[type],
  ),
  resourcePatternTypeFilter: z
    .enum(["Literal", "Prefixed"])
    .default("Literal")
    .transform(
      (pattern) =>
        ({ Literal: ResourcePatternTypes.LITERAL, Prefixed: ResourcePatternTypes.PREFIXED })[pattern],
    ),
  aclPrincipal: z.string(),
  aclHost: z.string(),
  aclOperation: z
    .enum(["Read", "Write", "Describe"])
    .transform(
      (operation) =>
        ({ Read: AclOperations.READ, Write: AclOperations.WRITE, Describe: AclOperations.DESCRIBE })[
          operation
        ],
    ),
});
const user = z.object({ username: z.string(), password: z.string() });

/** How many things are made in one request. */
const batch = 200;
const scramSha512 = 2;
const iterations = 4096;

/** What it takes without an engine, in seconds. */
export interface BareFigures {
  /** `kubectl apply --server-side` of all objects. It does not wait for pods. */
  readonly kubernetes: number;
  /** Topics, users and rights by an administrator's client, many in a request. */
  readonly kafka: number;
}

/** Makes what a stack has on a cluster and a broker, with nothing between. */
export async function makeBare(
  resources: readonly ExportedResource[],
  { connections, layout, variables: env }: Environment,
): Promise<BareFigures> {
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => object.parse(inputs));
  const first = (kind: string): boolean => ["Namespace", "CustomResourceDefinition"].includes(kind);
  const apply = async (name: string, items: readonly unknown[]): Promise<void> => {
    const file = join(layout.temporary, `${name}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await run(join(layout.bin, "kubectl"), ["apply", "--server-side", "--force-conflicts", "-f", file], {
      env,
    });
  };
  const kubernetes = await secondsOf(async () => {
    await apply(
      "first",
      objects.filter(({ kind }) => first(kind)),
    );
    await apply(
      "others",
      objects.filter(({ kind }) => !first(kind)),
    );
  });
  return { kubernetes, kafka: await secondsOf(() => administer(resources, connections.kafka)) };
}

async function administer(
  resources: readonly ExportedResource[],
  { bootstrapServers, username, password, caCertificate }: Connections["kafka"],
): Promise<void> {
  const admin = new Admin({
    clientId: "algorun-bench",
    bootstrapBrokers: [...bootstrapServers],
    sasl: { mechanism: "SCRAM-SHA-512", username, password },
    tls: { ca: caCertificate },
  });
  const inputsOf = (type: string): readonly unknown[] =>
    resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
  try {
    for (const { name, partitions, replicationFactor, config } of inputsOf("kafka:index/topic:Topic").map(
      (inputs) => topic.parse(inputs),
    ))
      await admin.createTopics({
        topics: [name],
        partitions,
        replicas: replicationFactor,
        configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      });
    const users = inputsOf("kafka:index/userScramCredential:UserScramCredential").map((inputs) =>
      user.parse(inputs),
    );
    await makeUsers(admin, users);
    const acls = inputsOf("kafka:index/acl:Acl").map((inputs) => acl.parse(inputs));
    for (let from = 0; from < acls.length; from += batch)
      await admin.createAcls({
        creations: acls.slice(from, from + batch).map((each) => ({
          resourceType: each.aclResourceType,
          resourceName: each.aclResourceName,
          resourcePatternType: each.resourcePatternTypeFilter,
          principal: each.aclPrincipal,
          host: each.aclHost,
          operation: each.aclOperation,
          permissionType: AclPermissionTypes.ALLOW,
        })),
      });
  } finally {
    await admin.close();
  }
}

async function makeUsers(admin: Admin, users: readonly z.infer<typeof user>[]): Promise<void> {
  const { brokers, controllerId } = await admin.metadata({ topics: [] });
  const broker = brokers.get(controllerId) ?? [...brokers.values()][0];
  if (broker === undefined) throw new Error("Kafka has no broker");
  const connection = await admin.connections.get(broker);
  const salt = Buffer.from("the same for each, in a measure");
  for (let from = 0; from < users.length; from += batch)
    await alterUserScramCredentialsV0.api.async(
      connection,
      [],
      users.slice(from, from + batch).map(({ username, password }) => ({
        name: username,
        mechanism: scramSha512,
        iterations,
        salt,
        saltedPassword: pbkdf2Sync(password, salt, iterations, 64, "sha512"),
      })),
    );
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
