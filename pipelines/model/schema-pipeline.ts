import { z } from "zod";
import { algoSpecSchema, apiVersionSchema, parameterSchema } from "./schema-algo";
import {
  durationSchema,
  metadataSchema,
  nameSchema,
  ownImageSchema,
  portNameSchema,
  quantitySchema,
  retryStrategySchema,
  topicSchema,
  versionSchema,
  workloadFields,
} from "./schema-fields";

const absolutePath = z.string().regex(/^\/[^:]*[^/:]$/, "an absolute path such as /etc/algo/model.json");

const listenSchema = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(0\.0\.0\.0|\[::\])?:\d{1,5}$/, "an address on all interfaces such as :18080 or 0.0.0.0:18080")
      .optional(),
  })
  .optional();

const pathSchema = z.strictObject({
  name: portNameSchema
    .regex(/^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$/, "letters and digits, with single '-' or '_' between them")
    .describe("Last segment of the URL."),
  isDefault: z.boolean().default(false).describe("Taken when a request names no path."),
  endpointType: z
    .enum(["HTTP", "gRPC", "RTMP"], {
      error: ({ input }) =>
        input === "Kafka" ? "Kafka endpoints are not supported by this release, remove the path" : undefined,
    })
    .default("HTTP"),
  messageDataType: z
    .enum(["Embedded", "FileReference"])
    .default("Embedded")
    .describe(
      "Embedded: bytes in the message. FileReference: bytes in object storage, a pointer in the message.",
    ),
  contentType: z.string().min(1).optional().describe("Default: anything."),
  topic: topicSchema.optional().describe("Default: an automatic name and automatic partitions."),
});

const producerSchema = z.strictObject({
  cb: z
    .strictObject({
      interval: z.int().min(0).optional(),
      timeout: durationSchema.optional(),
      fails: z.int().min(1).optional(),
      requests: z.int().min(1).optional(),
    })
    .optional()
    .describe("Circuit breaker between the gateway and Kafka."),
  resend: z
    .strictObject({ period: durationSchema.optional(), rate_limit: z.int().min(1).optional() })
    .optional()
    .describe("How the write-ahead log is sent again."),
  wal: z
    .strictObject({
      mode: z.enum(["always", "fallback", "disable"]).optional(),
      in_memory: z.boolean().default(false),
      path: absolutePath.optional().describe("Folder of the log; default /var/lib/algorun/wal."),
      size: quantitySchema.optional().describe("Size of the volume; default 1Gi."),
      always_topics: z.array(z.string()).default([]),
      disable_topics: z.array(z.string()).default([]),
    })
    .optional()
    .describe("Write-ahead log: messages that wait for Kafka."),
});

const endpointSchema = z
  .strictObject({
    ...workloadFields,
    image: ownImageSchema.optional().describe("Default: the platform's gateway."),
    paths: z.array(pathSchema).min(1, "at least one path"),
    server: z
      .strictObject({ http: listenSchema, grpc: listenSchema, monitoring: listenSchema })
      .optional()
      .describe("Listen addresses; defaults :18080, :18282 and :28080."),
    producer: producerSchema.optional(),
    kafka: z
      .strictObject({
        brokers: z.array(z.string()).optional().describe("Not used: the platform's brokers are."),
        params: z
          .record(z.string(), z.string())
          .default({})
          .describe("Settings of the gateway's Kafka producer."),
      })
      .optional(),
  })
  .describe("Accepts data from outside.");

const algoDeploymentSchema = z.strictObject({
  ...workloadFields,
  algoRef: z
    .strictObject({
      name: z.string().min(1).optional().describe("metadata.name of an Algo document."),
      matchLabels: z
        .record(z.string(), z.string())
        .optional()
        .describe("Labels that exactly one Algo document has."),
    })
    .optional(),
  spec: algoSpecSchema.optional().describe("The algo itself, instead of algoRef."),
  version: versionSchema.describe("A versionTag, or latest."),
  index: z
    .int("a whole number")
    .min(0)
    .default(1)
    .describe("Tells apart several of the same algo and version."),
  configMounts: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9._-]{1,253}$/, "letters, digits, '.', '_' and '-'"),
        mountPath: absolutePath.describe("Absolute path of the file in the algo's container."),
        data: z.string().describe("Content of the file."),
      }),
    )
    .default([]),
  parameters: z.array(parameterSchema).default([]).describe("Values over the algo's own."),
  retryEnabled: z.boolean().optional(),
  retryStrategy: retryStrategySchema.optional(),
  writeAllOutputs: z.boolean().default(false).describe("Keep outputs that no pipe leads from, too."),
  timeoutSeconds: z
    .int("a whole number of seconds")
    .min(1)
    .default(60)
    .describe("How long one message may take."),
  topics: z.array(topicSchema).default([]),
  algoRunnerImage: ownImageSchema.optional().describe("Default: the platform's runner."),
});

const eventHookSchema = z
  .strictObject({
    ...workloadFields,
    image: ownImageSchema.optional().describe("Default: the platform's hook runner."),
    webHooks: z
      .array(
        z.strictObject({
          pipelineHookInputName: portNameSchema.describe("destInputName of a pipe to the EventHook."),
          webHookUrl: z.url({ protocol: /^https?$/, error: "an http or https URL" }),
          httpVerb: z.enum(["POST", "PUT", "PATCH"]).default("POST"),
          httpHeaders: z.string().optional().describe("One 'Name: value' for each line."),
        }),
      )
      .default([]),
  })
  .describe("Relays messages to webhooks.");

const componentTypeSchema = z.enum(["Endpoint", "Algo", "DataConnector", "EventHook"]).optional();
const componentNameDescription = "Endpoint, EventHook, or an algo as owner/name:version[index].";

const pipeSchema = z.strictObject({
  sourceComponentType: componentTypeSchema,
  sourceName: z.string().min(1).describe(componentNameDescription),
  sourceOutputName: z.string().min(1).describe("A path of the endpoint, or an output of the algo."),
  sourceOutputMessageDataType: z.enum(["Embedded", "FileReference"]).optional(),
  destComponentType: componentTypeSchema,
  destName: z.string().min(1).describe(componentNameDescription),
  destInputName: z.string().min(1).describe("An input of the algo, or any name for the EventHook."),
});

/** What a deployment is. */
export const deploymentSpecSchema = z.strictObject({
  deploymentNamespace: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, "at most 32 of a-z, 0-9 and '-'")
    .default("algorun")
    .describe("First part of the namespace's name."),
  deploymentOwner: nameSchema,
  deploymentName: nameSchema,
  pipelineOwner: nameSchema,
  pipelineName: nameSchema,
  pipelineVersionTag: versionSchema,
  kafkaBrokers: z
    .string()
    .optional()
    .describe("Not used: the platform's brokers are. A warning when it differs."),
  storageBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3 to 63 of a-z, 0-9, '.' and '-'")
    .optional()
    .describe("Bucket for messages by reference; default owner.name."),
  endpoint: endpointSchema.optional(),
  algos: z.array(algoDeploymentSchema).default([]),
  dataConnectors: z.array(z.unknown()).default([]),
  eventHook: eventHookSchema.optional(),
  pipes: z.array(pipeSchema).default([]),
});

/** A document of kind PipelineDeployment. */
export const pipelineDeploymentSchema = z
  .strictObject({
    apiVersion: apiVersionSchema,
    kind: z.literal("PipelineDeployment"),
    metadata: metadataSchema.optional(),
    spec: deploymentSpecSchema,
    status: z.unknown().optional().describe("Written by a cluster; has no meaning here."),
  })
  .describe("A deployment of a pipeline: its components, and the pipes between them.");

/** A valid PipelineDeployment document. */
export type PipelineDeploymentDocument = z.output<typeof pipelineDeploymentSchema>;
/** What a deployment is. */
export type DeploymentSpec = z.output<typeof deploymentSpecSchema>;
/** The endpoint of a deployment. */
export type EndpointSpec = z.output<typeof endpointSchema>;
/** A path of the endpoint. */
export type EndpointPathSpec = z.output<typeof pathSchema>;
/** An algo as a deployment uses it. */
export type AlgoDeploymentSpec = z.output<typeof algoDeploymentSchema>;
/** The event hook of a deployment. */
export type EventHookSpec = z.output<typeof eventHookSchema>;
/** A pipe. */
export type PipeSpec = z.output<typeof pipeSchema>;
/** A topic, as its producer states it. */
export type TopicSpec = z.output<typeof topicSchema>;
