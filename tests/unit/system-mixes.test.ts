import assert from "node:assert/strict";
import * as fc from "fast-check";
import { z } from "zod";
import type { RegisteredResource } from "../harness/deploy";
import { assertHardened } from "../harness/hardening";
import { awsSettings, externalBlock, systemModes } from "../harness/managed-settings";
import { manifests } from "../harness/manifests";
import { Network } from "../harness/network";
import { podTemplates, type ContainerManifest, type OwnedPodTemplate } from "../harness/pod-templates";
import { deployStack, externalPassword } from "../harness/whole-stack";

/** How each switch is set. */
interface Mix {
  readonly kafka: keyof typeof systemModes.kafka;
  readonly objectStorage: keyof typeof systemModes.objectStorage;
  readonly sql: keyof typeof systemModes.sql;
  readonly redis: keyof typeof systemModes.redis;
}

const mixes: fc.Arbitrary<Mix> = fc.record({
  kafka: fc.constantFrom("cluster", "msk", "external"),
  objectStorage: fc.constantFrom("minio", "seaweedfs", "s3", "external"),
  sql: fc.constantFrom("cluster", "rds", "external"),
  redis: fc.constantFrom("cluster", "elasticache", "external"),
});

const managed: Mix = { kafka: "msk", objectStorage: "s3", sql: "rds", redis: "elasticache" };
const external: Mix = { kafka: "external", objectStorage: "external", sql: "external", redis: "external" };

/** The stack of a mix, with a pipeline whose messages carry bytes by reference. */
async function stackOf(mix: Mix): Promise<readonly RegisteredResource[]> {
  return deployStack({
    documents: ["tests/documents/yard-camera.yaml"],
    kafka: systemModes.kafka[mix.kafka],
    objectStorage: systemModes.objectStorage[mix.objectStorage],
    sql: systemModes.sql[mix.sql],
    redis: systemModes.redis[mix.redis],
    aws: awsSettings,
    // Dumps go to S3 by no role.
    backups: { enabled: mix.objectStorage !== "s3" },
  });
}

const subnets = awsSettings.subnets.map(({ addressBlock }) => addressBlock);

/** Where network policies must let the clients of a system that is outside the cluster; undefined: to its pods. */
const outside: {
  readonly [System in keyof Mix]: Readonly<
    Partial<Record<Mix[System], { readonly blocks: readonly string[]; readonly port: number }>>
  >;
} = {
  kafka: { msk: { blocks: subnets, port: 9096 }, external: { blocks: [externalBlock], port: 9096 } },
  objectStorage: {
    s3: { blocks: [externalBlock], port: 443 },
    external: { blocks: [externalBlock], port: 443 },
  },
  sql: {},
  redis: { elasticache: { blocks: subnets, port: 6379 }, external: { blocks: [externalBlock], port: 6380 } },
};

const policySchema = z.looseObject({
  spec: z.looseObject({
    egress: z.array(
      z.looseObject({
        to: z.array(z.looseObject({ ipBlock: z.looseObject({ cidr: z.string() }).optional() })),
        ports: z.array(z.looseObject({ port: z.number() })).default([]),
      }),
    ),
  }),
});

/** Every pair of an address block and a port that a workload's network policy lets it go to. */
function blocksOf(resources: readonly RegisteredResource[], { name, namespace }: OwnedPodTemplate): string[] {
  const policy = manifests(resources).find(
    ({ kind, metadata }) =>
      kind === "NetworkPolicy" && metadata.name === name && metadata.namespace === namespace,
  );
  return policySchema
    .parse(policy)
    .spec.egress.flatMap(({ to, ports }) =>
      to.flatMap(({ ipBlock }) => ports.flatMap(({ port }) => (ipBlock ? [`${ipBlock.cidr}:${port}`] : []))),
    );
}

function containersOf({ template }: OwnedPodTemplate): readonly ContainerManifest[] {
  return [...(template.spec.initContainers ?? []), ...template.spec.containers];
}

function variables({ env }: ContainerManifest): ReadonlyMap<string, string | undefined> {
  return new Map(env.map(({ name, value }) => [name, value]));
}

/** The workloads of which some container has a variable. */
function usersOf(resources: readonly RegisteredResource[], variable: string): readonly OwnedPodTemplate[] {
  return podTemplates(resources).filter((pod) =>
    containersOf(pod).some((container) => variables(container).has(variable)),
  );
}

function assertReachable(
  resources: readonly RegisteredResource[],
  clients: readonly OwnedPodTemplate[],
  place: { readonly blocks: readonly string[]; readonly port: number } | undefined,
): void {
  assert.ok(clients.length > 0);
  for (const client of clients) {
    const open = blocksOf(resources, client);
    for (const block of place?.blocks ?? [])
      assert.ok(open.includes(`${block}:${place?.port ?? 0}`), client.name);
  }
}

/** What a pod with a bucket logs in with. */
function assertStorageLogin(pod: OwnedPodTemplate, engine: Mix["objectStorage"]): void {
  const users = containersOf(pod).filter((container) => variables(container).has("STORAGE_BUCKET"));
  for (const container of users) {
    const names = variables(container);
    assert.equal(names.has("AWS_SECRET_ACCESS_KEY"), engine !== "s3", pod.name);
    assert.equal(names.has("AWS_ROLE_ARN"), engine === "s3", pod.name);
    assert.equal(names.get("STORAGE_BUCKET")?.startsWith("acme-prod-"), engine === "s3", pod.name);
    if (engine !== "s3") continue;
    const file = names.get("AWS_WEB_IDENTITY_TOKEN_FILE") ?? "";
    const mount = container.volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));
    const volume = pod.template.spec.volumes.find(({ name }) => name === mount?.name);
    assert.deepEqual(volume?.["projected"], {
      defaultMode: 0o440,
      sources: [
        { serviceAccountToken: { path: "token", audience: "sts.amazonaws.com", expirationSeconds: 86_400 } },
      ],
    });
  }
  // What an author brings along gets no credentials of its own.
  const others = containersOf(pod).filter((container) => !users.includes(container));
  for (const { name, volumeMounts } of others) {
    assert.ok(!volumeMounts.some((mount) => mount.name === "aws-token"), `${pod.name} ${name}`);
  }
}

function assertMix(mix: Mix, resources: readonly RegisteredResource[]): void {
  assertHardened(resources);
  assertReachable(resources, usersOf(resources, "KAFKA_BROKERS"), outside.kafka[mix.kafka]);
  const storageUsers = usersOf(resources, "STORAGE_BUCKET");
  assertReachable(resources, storageUsers, outside.objectStorage[mix.objectStorage]);
  for (const pod of storageUsers) assertStorageLogin(pod, mix.objectStorage);
  assertReachable(resources, usersOf(resources, "REDIS_URL"), outside.redis[mix.redis]);

  const network = new Network(resources);
  const closed = network.meantWaysOut().filter((way) => !network.lets(way, "ingress"));
  assert.deepEqual(closed, []);
  assert.deepEqual(network.strayPeers(), []);

  const inCluster = podTemplates(resources).map(({ name }) => name);
  const servers = [
    ["kafka-broker", mix.kafka === "cluster"],
    ["object-storage", mix.objectStorage === "minio" || mix.objectStorage === "seaweedfs"],
    ["sql", mix.sql === "cluster"],
    ["redis", mix.redis === "cluster"],
  ] as const;
  for (const [server, expected] of servers) assert.equal(inCluster.includes(server), expected, server);
  assertSecrets(resources);
  assertAws(mix, resources);
}

/** Passwords are in Secrets of Kubernetes and in arguments that the engine encrypts, and nowhere else. */
function assertSecrets(resources: readonly RegisteredResource[]): void {
  const passwords = resources
    .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
    .map(({ name }) => `${name}-result`);
  for (const { type, urn, inputs, secrets } of resources) {
    if (type === "kubernetes:core/v1:Secret") continue;
    const open = Object.entries(inputs).filter(([field]) => !secrets.includes(field));
    const text = JSON.stringify(Object.fromEntries(open));
    const shown = [...passwords, externalPassword].filter((password) => text.includes(password));
    assert.deepEqual(shown, [], urn);
  }
}

/** AWS is there when a system asks for it, everything is made in its account, and what is there is not public. */
function assertAws(mix: Mix, resources: readonly RegisteredResource[]): void {
  const ofAws = resources.filter(({ type }) => type.startsWith("aws:"));
  const isNeeded =
    mix.kafka === "msk" || mix.objectStorage === "s3" || mix.sql === "rds" || mix.redis === "elasticache";
  assert.equal(ofAws.length > 0, isNeeded);
  assert.equal(resources.filter(({ type }) => type === "pulumi:providers:aws").length, isNeeded ? 1 : 0);
  for (const { urn, inputs } of ofAws) {
    assert.doesNotMatch(JSON.stringify(inputs), /0\.0\.0\.0\/0|"::\/0"/, urn);
  }
}

describe("the switches of the data layer", function () {
  this.timeout(300_000);

  it("make a whole stack in any mix", async () => {
    await fc.assert(
      fc.asyncProperty(mixes, async (mix) => {
        assertMix(mix, await stackOf(mix));
      }),
      { numRuns: 10, examples: [[managed], [external]] },
    );
  });

  it("are each independent: what one makes is the same whatever the others are", async () => {
    const urnsOf = async (mix: Mix, system: string): Promise<string[]> =>
      (await stackOf(mix)).filter(({ name }) => name.startsWith(system)).map(({ urn }) => urn);
    const others: Mix = { ...external, sql: "rds" };
    assert.deepEqual(await urnsOf(others, "sql"), await urnsOf(managed, "sql"));
    assert.deepEqual(
      await urnsOf({ ...external, redis: "cluster" }, "redis"),
      await urnsOf({ ...managed, redis: "cluster" }, "redis"),
    );
  });
});
