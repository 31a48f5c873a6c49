import { z } from "zod";
import { algoSpecSchema, apiVersionSchema, parameterSchema } from "./algo-schema";
import { connectorDeploymentSchema } from "./connector-schema";
import { endpointSchema } from "./endpoint-schema";
import { eventHookSchema } from "./event-hook-schema";
import {
  absolutePathSchema,
  metadataSchema,
  nameSchema,
  ownImageSchema,
  portNameSchema,
  versionSchema,
  workloadFields,
} from "./fields-schema";
import { retryStrategySchema } from "./retry-schema";
import { topicSchema } from "./topic-schema";

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
        mountPath: absolutePathSchema.describe("Absolute path of the file in the algo's container."),
        data: z.string().describe("Content of the file."),
      }),
    )
    .default([]),
  parameters: z.array(parameterSchema).default([]).describe("Values over the algo's own."),
  retryEnabled: z
    .boolean()
    .default(false)
    .describe("Whether a message that could not be processed is tried again. Not for Delegated."),
  retryStrategy: retryStrategySchema
    .optional()
    .describe("For topics that have no strategy of their own. Required with retryEnabled."),
  ownRetryTopics: z
    .boolean()
    .default(false)
    .describe(
      "Put this algo into the names of its retry and dead-letter topics, {topic}.{algo}.{index}.{backoff}: for all but one of several algos that retry messages of the same topic.",
    ),
  writeAllOutputs: z.boolean().default(false).describe("Keep outputs that no pipe leads from, too."),
  timeoutSeconds: z
    .int("a whole number of seconds")
    .min(1)
    .default(60)
    .describe("How long one message may take."),
  topics: z.array(topicSchema).default([]),
  algoRunnerImage: ownImageSchema.optional().describe("Default: the platform's runner."),
});

const componentTypeSchema = z.enum(["Endpoint", "Algo", "DataConnector", "EventHook"]).optional();
const componentNameDescription =
  "Endpoint, EventHook, an algo as owner/name:version[index], or a data connector as name:version[index].";

const pipeSchema = z.strictObject({
  sourceComponentType: componentTypeSchema,
  sourceName: z.string().min(1).describe(componentNameDescription),
  sourceOutputName: z
    .string()
    .min(1)
    .describe(
      "A path of the endpoint, an output of the algo, any name for a source, dead-letters for a sink.",
    ),
  sourceOutputMessageDataType: z.enum(["Embedded", "FileReference"]).optional(),
  destComponentType: componentTypeSchema,
  destName: z.string().min(1).describe(componentNameDescription),
  destInputName: portNameSchema.describe(
    "An input of the algo, or any name for the EventHook and for a sink.",
  ),
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
  previousNames: z
    .array(
      z.strictObject({
        deploymentOwner: nameSchema.optional().describe("Default: the deployment's owner now."),
        deploymentName: nameSchema,
      }),
    )
    .max(20, "at most 20 names")
    .default([])
    .describe(
      "What the deployment was called before, oldest first: its topics, consumer groups and bucket keep the names that they have from the oldest.",
    ),
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
  dataConnectors: z.array(connectorDeploymentSchema).default([]),
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
/** An algo as a deployment uses it. */
export type AlgoDeploymentSpec = z.output<typeof algoDeploymentSchema>;
/** A pipe. */
export type PipeSpec = z.output<typeof pipeSchema>;
