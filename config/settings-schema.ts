import { z } from "zod";
import { alertsSchema } from "./alerts-schema";
import { ambassadorSchema } from "./ambassador-schema";
import { backupsSchema } from "./backups-schema";
import { capacitySchema } from "./capacity-schema";
import { certificatesSchema } from "./certificates-schema";
import { awsSchema } from "./aws-schema";
import { consumerLagSchema } from "./consumer-lag-schema";
import { gpuSchema } from "./gpu-schema";
import { grafanaSchema } from "./grafana-schema";
import { imagesSchema, servicesSchema } from "./images-schema";
import { kafkaSchema } from "./kafka-schema";
import { objectStorageSchema } from "./object-storage-schema";
import { pipelineDefaultsSchema } from "./pipeline-defaults-schema";
import { podsSchema } from "./pods-schema";
import { prometheusSchema } from "./prometheus-schema";
import { redisSchema } from "./redis-schema";
import { rotationSchema } from "./rotation-schema";
import { sqlSchema } from "./sql-schema";
import { everyDeployment } from "../pipelines/model/selection/deployment-selection";
import { dnsLabel, text } from "./values";

const globs = z.array(text);

/** What a stack can be, from the loosest to the strictest. */
const environment = z.enum(["dev", "kind", "staging", "prod"]);

const kubernetes = z.strictObject({
  context: text.optional().describe("Context of the kubeconfig; without it the current one"),
});

/**
 * Every key of the stack's config that is no secret by itself, with its rules, its default and what it is for: the
 * source of `Pulumi.yaml` and of docs/configuration.md.
 */
export const settingsSchema = z.strictObject({
  environment: environment
    .default("prod")
    .describe(
      "Kind of environment: what is retained when it leaves the stack, and how strict the policies are",
    ),
  documents: z
    .array(text)
    .min(1, "at least one file or folder")
    .default(["pipelines/documents"])
    .describe("Files and folders with pipeline documents"),
  platformStack: text
    .regex(/^[^/\s]+(\/[^/\s]+\/[^/\s]+)?$/, "a stack, or organization/project/stack")
    .optional()
    .describe(
      "Stack whose platform the pipelines use, as stack or organization/project/stack; without it this stack makes one",
    ),
  include: globs
    .min(1, 'at least one glob such as acme.*; a stack without pipelines has algorun:exclude: ["*"]')
    .default([...everyDeployment.include])
    .describe("Which deployments of the documents this stack makes, as globs of owner.name"),
  exclude: globs.default([]).describe("Which of them it does not make, as globs of owner.name"),
  namespace: dnsLabel
    .refine((name) => !name.startsWith("kube-") && name !== "default", "a namespace of the platform's own")
    .default("algorun")
    .describe("Namespace of the platform"),
  kubernetes: kubernetes.prefault({}).describe("Cluster to deploy to"),
  connections: text
    .optional()
    .describe(
      "File that the embedded environment writes, with the addresses and credentials of its Kubernetes and Kafka",
    ),
  certificates: certificatesSchema
    .optional()
    .describe(
      "cert-manager's issuers, by which the edge, Kafka and SQL in the cluster speak TLS; without this key those whose settings name a Secret",
    ),
  ambassador: ambassadorSchema.prefault({}).describe("The edge that answers for HTTP and gRPC"),
  kafka: kafkaSchema.prefault({ mode: "cluster" }).describe("The data plane"),
  objectStorage: objectStorageSchema.prefault({ engine: "minio" }).describe("Storage of files by reference"),
  sql: sqlSchema.prefault({}).describe("Database of AlgoRun's own services"),
  redis: redisSchema.prefault({}).describe("Counters of the rate limits"),
  aws: awsSchema
    .optional()
    .describe("Where on AWS managed systems are made; without this key there are none"),
  prometheus: prometheusSchema.prefault({}).describe("Metrics"),
  grafana: grafanaSchema.prefault({}).describe("Dashboards"),
  alerts: alertsSchema.prefault({}).describe("When somebody is told of a pipeline"),
  rotation: rotationSchema
    .prefault({})
    .describe("Generations of the secrets that are made: a higher number makes new ones"),
  backups: backupsSchema.prefault({}).describe("Scheduled dumps of SQL and Grafana to object storage"),
  pods: podsSchema.prefault({}).describe("What the environment decides about every pod"),
  gpu: gpuSchema.optional().describe("Nodes with GPUs; without this key gpuEnabled is refused"),
  consumerLag: consumerLagSchema
    .optional()
    .describe("Who measures how far behind consumers are; without this key ConsumerLag is refused"),
  pipelineDefaults: pipelineDefaultsSchema
    .prefault({})
    .describe("Resources of components whose documents state none"),
  capacity: capacitySchema
    .prefault({})
    .describe("What pipelines may take of the cluster and of Kafka; what does not fit is refused"),
  images: imagesSchema
    .prefault({})
    .describe("Images of other projects, where they differ from the pinned ones"),
  services: servicesSchema.prefault({}).describe("Images of AlgoRun's own services"),
});

/** The stack's config as far as it is no secret. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;
