import { z } from "zod";

const name = z.string().min(1);
const owned = z.object({ owner: name, name });
const seconds = z.number().positive();

const retryStepSchema = z.object({
  index: z.int(),
  backoffMs: z.int().nonnegative(),
  attempts: z.int().min(1),
  /** Where a message waits; only for RetryTopics. */
  topic: name.optional(),
});

const retrySchema = z.object({
  topic: name,
  strategy: z.enum(["Simple", "RetryTopics"]),
  steps: z.array(retryStepSchema).readonly(),
  deadLetterTopic: name,
});

const inputSchema = z.object({
  name,
  delivery: z.enum(["StdIn", "FileParameter", "FileArrayParameter", "Http", "Https", "Grpc"]),
  contentTypes: z.array(z.string()).readonly(),
  topics: z.array(name).readonly(),
  http: z
    .object({ verb: name, port: z.int(), path: z.string(), headers: z.record(z.string(), z.string()) })
    .optional(),
  grpc: z.object({ port: z.int() }).optional(),
  fileParameter: z.object({ parameter: z.string().optional() }).optional(),
});

const outputSchema = z.object({
  name,
  delivery: z.enum(["StdOut", "HttpResponse", "FileParameter", "FolderParameter"]),
  contentType: z.string(),
  parameter: z.string().optional(),
  messageDataType: z.enum(["Embedded", "FileReference"]),
  /** Undefined: what comes out of it is dropped, since nobody reads it. */
  topic: name.optional(),
});

const parameterSchema = z.object({
  name,
  flag: name,
  /** Undefined: a flag without a value. */
  value: z.string().optional(),
  required: z.boolean(),
});

/** What the planner writes for a runner (pipelines/model/workloads/runner-config.ts). */
export const runnerConfigSchema = z.object({
  deployment: owned,
  pipeline: owned,
  algo: owned.extend({ version: name, index: z.int() }),
  executor: z.enum(["Executable", "http", "grpc"]),
  entrypoint: z.array(z.string()).readonly(),
  /** With the name of the instance behind it, its transactional id: the same whatever user it logs in as. */
  transactionalIdPrefix: name,
  timeoutSeconds: seconds,
  retries: z.array(retrySchema).readonly().default([]),
  /** Where a message goes that failed and is not tried again. */
  deadLetterTopic: name.optional(),
  parameters: z.array(parameterSchema).readonly(),
  inputs: z.array(inputSchema).readonly(),
  outputs: z.array(outputSchema).readonly(),
  storage: z.object({ bucket: name }).optional(),
});

/** See {@link runnerConfigSchema}. */
export type RunnerConfig = Readonly<z.output<typeof runnerConfigSchema>>;
/** How messages reach the algo. */
export type InputConfig = RunnerConfig["inputs"][number];
/** What the algo makes. */
export type OutputConfig = RunnerConfig["outputs"][number];
/** How messages of a topic are tried again. */
export type RetryConfig = RunnerConfig["retries"][number];
/** A parameter of the algo. */
export type ParameterConfig = RunnerConfig["parameters"][number];
