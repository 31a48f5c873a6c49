import type * as pulumi from "@pulumi/pulumi";

/**
 * The secrets that this program generates, in groups that are changed together, each with what is in it. It is the one
 * list: config, refusals and the test that finds a forgotten secret read it.
 */
export const secretGroups = {
  kafkaUsers: "Kafka users of pipelines' components and of the exporter",
  kafkaAdministrator: "Kafka's administrator, as who this program makes topics and users",
  kafkaNodes: "What Kafka's nodes are to each other",
  sql: "The database's user and its superuser",
  redis: "Redis' clients",
  objectStorage: "Access keys of the buckets",
  objectStorageAdministrator: "Administrator of the object storage",
  grafana: "Grafana's user admin",
  apiKeys: "API keys of endpoints' callers",
  webhookSignatures: "Secrets that webhooks are signed with",
  streamKeys: "Secret that the keys of media streams follow from",
} as const;

/** The name of a group of secrets. */
export type SecretGroup = keyof typeof secretGroups;

/** The groups of which two generations can work at once, so that those who use them change one after the other. */
export const overlapping = [
  "kafkaUsers",
  "sql",
  "redis",
  "objectStorage",
  "apiKeys",
  "webhookSignatures",
  "streamKeys",
] as const satisfies readonly SecretGroup[];

/** What a stack says of the rotation of its secrets. */
export type RotationSettings = Readonly<Partial<Record<SecretGroup, number>>> & {
  /** The newest generation of each group that works no more. @default none, but of two generations the older one */
  readonly retired?: Readonly<Partial<Record<(typeof overlapping)[number], number>>> | undefined;
};

/** Which generations of a secret there are. */
export interface SecretGeneration {
  /** The one that is used, from 1. */
  readonly inUse: number;
  /** The one before, as long as it works. */
  readonly previous?: number;
}

/** A generated secret. */
export interface RotatedSecret {
  readonly inUse: pulumi.Output<string>;
  /** All that work, the one in use first. */
  readonly working: readonly { readonly generation: number; readonly value: pulumi.Output<string> }[];
}

/** What a secret has that was never rotated. */
export const firstGeneration: SecretGeneration = { inUse: 1 };

/** The generations of a group: the one in use, and the one before unless it is retired. */
export function generationOf(rotation: RotationSettings | undefined, group: SecretGroup): SecretGeneration {
  const inUse = rotation?.[group] ?? 1;
  const previous = inUse - 1;
  const overlaps = overlapping.find((name) => name === group);
  if (overlaps === undefined || previous <= (rotation?.retired?.[overlaps] ?? 0)) return { inUse };
  return { inUse, previous };
}

/** The numbers of the generations that work, the one in use first. */
export function workingGenerations({ inUse, previous }: SecretGeneration): readonly number[] {
  return previous === undefined ? [inUse] : [inUse, previous];
}

/**
 * What something is called in a generation. The first has the name that it had before anything was rotated; no other
 * name of ours has the sign that sets the number of a later one apart.
 */
export function generationName(name: string, generation: number, sign = "@"): string {
  return generation === 1 ? name : `${name}${sign}${generation}`;
}
