import { z } from "zod";
import { administer, type KafkaLogin } from "../software/kafka-client";
import type { EngineEnvironment } from "../engine/engine-environment";

/** What must outlive whatever happens to an update: its identity by what a user calls it. */
export type Keepsakes = ReadonlyMap<string, string>;

const claim = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.array(z.object({ uid: z.string() })).default([]),
  }),
});
const owner = z.object({
  metadata: z.object({ uid: z.string(), deletionTimestamp: z.string().optional() }),
});
const secret = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  data: z.record(z.string(), z.string()).default({}),
});
const namespace = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
});

/**
 * Topics by Kafka's own identifier, volume claims by Kubernetes', and Secrets by their content, but for what is ending:
 * also a claim that goes with its StatefulSet, whose deletion has begun.
 */
export async function keepsakesOf(engine: EngineEnvironment, administrator: KafkaLogin): Promise<Keepsakes> {
  const topics = await administer(administrator, async (admin) => {
    const names = (await admin.listTopics()).filter((name) => !name.startsWith("__"));
    return [...(await admin.metadata({ topics: names })).topics];
  });
  const ending = (await engine.objects(namespace, "namespaces"))
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map(({ metadata }) => metadata.name);
  const stays = ({
    metadata,
  }: {
    metadata: { namespace: string; deletionTimestamp?: string | undefined };
  }): boolean => metadata.deletionTimestamp === undefined && !ending.includes(metadata.namespace);
  const claimed = (await engine.objects(claim, "persistentvolumeclaims", "--all-namespaces")).filter(stays);
  const owners = (await engine.objects(owner, "statefulsets", "--all-namespaces"))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.uid);
  const claims = claimed.filter(({ metadata }) =>
    metadata.ownerReferences.every(({ uid }) => owners.includes(uid)),
  );
  const secrets = (await engine.objects(secret, "secrets", "--all-namespaces")).filter(stays);
  return new Map([
    ...topics.map(([name, { id }]) => [`topic ${name}`, id] as const),
    ...claims.map(({ metadata }) => [`volume ${metadata.namespace}/${metadata.name}`, metadata.uid] as const),
    ...secrets.flatMap(({ metadata, data }) =>
      Object.entries(data).map(
        ([key, content]) => [`Secret ${metadata.namespace}/${metadata.name} ${key}`, content] as const,
      ),
    ),
  ]);
}

/** Names of what was there before and is gone, or is another by the same name. */
export function lost(before: Keepsakes, after: Keepsakes): readonly string[] {
  return [...before].flatMap(([name, identity]) => (after.get(name) === identity ? [] : [name])).sort();
}
