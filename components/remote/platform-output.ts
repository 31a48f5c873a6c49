import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { kafkaHandoverSchema } from "../data/kafka/kafka-handover";
import { storageHandoverSchema } from "../data/object-storage/storage-handover";
import { networkAddressSchema } from "../workload/network-address-schema";

/**
 * The form of what a platform's stack tells the stacks of pipelines. It counts up when these could no longer read what is
 * there, or would miss something.
 */
export const platformOutputVersion = 1;

const sharedFolder = z.object({ namespace: z.string(), configMaps: z.array(z.string()) });

const rateLimit = z.object({
  requests: z.number(),
  unit: z.enum(["second", "minute", "hour", "day"]),
  by: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("remoteAddress") }),
    z.object({ kind: z.literal("header"), name: z.string() }),
  ]),
});

const toleration = z.object({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
  tolerationSeconds: z.number().optional(),
});

/** What pipelines are planned from: `PlatformFacts`, without what each stack decides for its own pipelines. */
const facts = z.object({
  kafka: z.object({
    bootstrapServers: z.string().optional(),
    brokerCount: z.number(),
    defaultReplicationFactor: z.number(),
    brokerStorageSize: z.string().optional(),
  }),
  bucketPrefix: z.string(),
  gpu: z
    .object({
      resourceName: z.string(),
      nodeSelector: z.record(z.string(), z.string()).optional(),
      tolerations: z.array(toleration).optional(),
      runtimeClassName: z.string().optional(),
    })
    .optional(),
  consumerLag: z
    .discriminatedUnion("source", [
      z.object({ source: z.literal("keda"), namespace: z.string() }),
      z.object({
        source: z.literal("metric"),
        metricName: z.string(),
        groupLabel: z.string(),
        topicLabel: z.string(),
      }),
    ])
    .optional(),
  edge: z.object({ hostname: z.string() }),
});

/** What a platform's stack tells the stacks of pipelines: its output `platform`. */
export const platformOutputSchema = z.object({
  version: z.literal(platformOutputVersion),
  /** Kind of environment, which decides what outlives a mistake: one for all who share a platform. */
  environment: z.string(),
  /** `owner.name` of the deployments that the platform's own stack makes. */
  deployments: z.array(z.string()),
  facts,
  kafka: kafkaHandoverSchema,
  objectStorage: storageHandoverSchema,
  gateway: z.object({
    hostname: z.string(),
    tls: z.boolean(),
    httpAddress: z.string(),
    grpcAddress: z.string(),
    address: networkAddressSchema,
  }),
  /** Missing when no pipeline takes media streams. */
  mediaStreams: z
    .object({
      publishAddress: z.string(),
      internalAddress: z.string(),
      address: networkAddressSchema,
      /** What the keys of streams are derived from. */
      keySecret: z.string(),
    })
    .optional(),
  observability: z.object({
    address: networkAddressSchema,
    ruleFiles: sharedFolder,
    dashboards: sharedFolder,
    kafkaUsers: z.array(z.string()),
    grafanaUrl: z.string(),
  }),
  registry: z.object({
    images: z.object({ gateway: z.string(), runner: z.string(), hookRunner: z.string() }),
    pullSecret: z.string().optional(),
  }),
  /** Limits of deployments that the edge knows, by `owner.name`; without those that have none of their own. */
  rateLimits: z.record(z.string(), z.array(rateLimit)),
});

/** What a platform's stack tells the stacks of pipelines. */
export type PlatformOutput = Readonly<z.infer<typeof platformOutputSchema>>;

const versioned = z.object({ version: z.number() });

/**
 * Reads what another stack told.
 *
 * @param stack - its name, for messages
 * @throws pulumi.RunError for a stack that makes no platform, or tells of it in another version
 */
export function parsePlatformOutput(value: unknown, stack: string): PlatformOutput {
  const named = `algorun:platformStack: the stack ${JSON.stringify(stack)}`;
  const update = `pulumi up --stack ${stack}`;
  const { data } = versioned.safeParse(value);
  if (data === undefined)
    throw new pulumi.RunError(
      `${named} has no output "platform", expected one that makes a platform with this program: ` +
        `update it first (${update}), or name another stack`,
    );
  const { version } = data;
  if (version < platformOutputVersion)
    throw new pulumi.RunError(
      `${named} tells of its platform in version ${version}, expected ${platformOutputVersion}: ` +
        `update it first with this program (${update})`,
    );
  if (version > platformOutputVersion)
    throw new pulumi.RunError(
      `${named} tells of its platform in version ${version}, expected ${platformOutputVersion}: ` +
        "it was updated with a newer program; take the same one for this stack",
    );
  const parsed = platformOutputSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join("."));
  throw new pulumi.RunError(
    `${named} tells nothing valid of ${places.join(", ")}: update it first with this program (${update})`,
  );
}
