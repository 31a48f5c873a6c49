import { z } from "zod";
import { images } from "./components/images";

const text = z.string().min(1, "expected some text, found nothing");
const stringMap = z.record(z.string(), z.string());

/** A whole number with a lower bound. */
function count(minimum: number): z.ZodNumber {
  return z.int("expected a whole number").min(minimum, `expected a whole number from ${minimum}`);
}

const quantity = z
  .string("expected a Kubernetes quantity such as 500m or 10Gi")
  .regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/, "expected a Kubernetes quantity such as 500m or 10Gi");

const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "expected at most 63 of a-z, 0-9 and inner hyphens");

const brokerAddresses = z
  .array(z.string().regex(/^[^\s:]+:\d+$/, "expected host:port"))
  .min(1, "expected at least one host:port");

const resources = z.strictObject({
  requests: z.record(z.string(), quantity).optional(),
  limits: z.record(z.string(), quantity).optional(),
});

/** What most systems let an environment decide. */
const system = { resources: resources.optional() };
const storedSystem = { ...system, storageSize: quantity.optional() };

const toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: z.int().optional(),
});

const pods = z.strictObject({
  nodeSelector: stringMap.optional(),
  tolerations: z.array(toleration).optional(),
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
  priorityClassName: dnsLabel.optional(),
  storageClass: text.optional(),
  imagePullPolicy: z.enum(["Always", "IfNotPresent"]).optional(),
});

/** Nodes with GPUs; without this key there are none. */
const gpu = z.strictObject({
  resourceName: z
    .string()
    .regex(/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/, "expected the name of a device plugin's resource")
    .default("nvidia.com/gpu"),
  nodeSelector: stringMap.optional(),
  tolerations: z.array(toleration).optional(),
  runtimeClassName: dnsLabel.optional(),
});

/** Who measures how far behind a consumer is; without this key nobody does. */
const consumerLag = z.discriminatedUnion("source", [
  z.strictObject({ source: z.literal("keda"), namespace: dnsLabel.default("keda") }),
  z.strictObject({
    source: z.literal("metric"),
    metricName: text.default("kafka_consumergroup_lag"),
    groupLabel: text.default("consumergroup"),
    topicLabel: text.default("topic"),
  }),
]);

const ambassador = z.strictObject({
  ...system,
  replicas: count(1).default(2),
  definitions: z.enum(["install", "existing"]).default("install"),
  serviceType: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).default("LoadBalancer"),
  hostname: text.default("*"),
  tlsSecretName: dnsLabel.optional(),
  rateLimit: z
    .strictObject({
      requests: count(1).default(600),
      unit: z.enum(["second", "minute", "hour", "day"]).default("minute"),
    })
    .prefault({}),
});

const kafkaAdministration = z.strictObject({
  bootstrapServers: brokerAddresses,
  username: text,
  caCertificate: text.optional(),
  tls: z.boolean().default(true),
});

const kafka = z
  .discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("cluster"),
      controllers: z
        .union([z.literal(1), z.literal(3), z.literal(5)], "expected 1, 3 or 5, since controllers vote")
        .default(3),
      brokers: count(1).default(3),
      controllerResources: resources.optional(),
      brokerResources: resources.optional(),
      controllerStorageSize: quantity.optional(),
      brokerStorageSize: quantity.optional(),
      minReadySeconds: count(0).optional(),
      tls: z.strictObject({ secretName: dnsLabel, caCertificate: text.optional() }).optional(),
      administration: kafkaAdministration.optional(),
    }),
    z.strictObject({
      mode: z.literal("external"),
      bootstrapServers: brokerAddresses,
      brokers: count(1),
      caCertificate: text.optional(),
      tls: z.boolean().default(true),
      addressBlocks: z.array(z.cidrv4("expected an address block such as 10.0.0.0/16")).min(1),
      administration: kafkaAdministration,
    }),
  ])
  .prefault({ mode: "cluster" });

const objectStorage = z
  .discriminatedUnion("engine", [
    z.strictObject({ ...storedSystem, engine: z.literal("minio"), replicas: count(1).default(1) }),
    z.strictObject({ ...storedSystem, engine: z.literal("seaweedfs") }),
    z.strictObject({
      engine: z.literal("external"),
      endpoint: z.url("expected an address such as https://s3.eu-central-1.amazonaws.com"),
      region: text,
      accessKeyId: text,
      addressBlocks: z.array(z.cidrv4("expected an address block such as 10.0.0.0/16")).min(1),
    }),
  ])
  .prefault({ engine: "minio" });

const image = z.strictObject({ repository: text.optional(), tag: text.optional(), digest: text.optional() });
const imageNames = Object.keys(images);

const containerSize = z.union(
  [z.enum(["tiny", "small", "medium", "large"]), resources],
  "expected tiny, small, medium, large, or an object with requests and limits",
);

const pipelineDefaults = z.strictObject({
  endpoint: containerSize.optional(),
  algo: containerSize.optional(),
  runner: containerSize.optional(),
  dataConnector: containerSize.optional(),
  eventHook: containerSize.optional(),
});

const services = z.strictObject({
  gateway: text.default("ghcr.io/algorun/gateway:0.1.0"),
  runner: text.default("ghcr.io/algorun/runner:0.1.0"),
  hookRunner: text.default("ghcr.io/algorun/hook-runner:0.1.0"),
});

/** Every key of the stack's config that is no secret by itself, with its rules and its default. */
export const settingsSchema = z.strictObject({
  environment: z.enum(["dev", "kind", "staging", "prod"]).default("prod"),
  connections: text.optional(),
  kubernetes: z.strictObject({ context: text.optional() }).prefault({}),
  namespace: dnsLabel.default("algorun"),
  documents: z.array(text).min(1, "expected at least one file or folder").default(["pipelines/documents"]),
  pods: pods.prefault({}),
  gpu: gpu.optional(),
  consumerLag: consumerLag.optional(),
  ambassador: ambassador.prefault({}),
  kafka,
  objectStorage,
  sql: z
    .strictObject({ ...storedSystem, engine: z.enum(["postgresql", "mariadb"]).default("postgresql") })
    .prefault({}),
  redis: z.strictObject(storedSystem).prefault({}),
  prometheus: z.strictObject({ ...storedSystem, retention: text.default("15d") }).prefault({}),
  grafana: z.strictObject(storedSystem).prefault({}),
  images: z.partialRecord(z.enum(imageNames, `expected one of ${imageNames.join(", ")}`), image).prefault({}),
  services: services.prefault({}),
  pipelineDefaults: pipelineDefaults.prefault({}),
});

/** The stack's config as far as it is no secret. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** What the embedded environment writes down about itself. */
export const connectionsSchema = z.object({
  kubernetes: z.object({ kubeconfig: text, context: text }),
  kafka: z.object({
    bootstrapServers: brokerAddresses,
    username: text,
    password: text,
    caCertificate: text,
  }),
});

/** How to reach the embedded environment. */
export type Connections = Readonly<z.infer<typeof connectionsSchema>>;
