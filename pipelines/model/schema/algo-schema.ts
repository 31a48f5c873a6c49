import { z } from "zod";
import {
  imageSchema,
  listenPort,
  metadataSchema,
  nameSchema,
  portNameSchema,
  versionSchema,
} from "./fields-schema";

export const apiVersionSchema = z.literal("algo.run/v1beta1");

const verbSchema = z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]);
const urlPathSchema = z.string().regex(/^\//, "a path that begins with '/'");

/** Executors that AlgoRun's format names and nothing ever ran. */
const unbuiltExecutors = ["Spark", "KafkaStreams", "ksql", "Faust"];

/** What runs an algo. */
export const executorSchema = z.enum(["Executable", "http", "grpc", "Delegated"], {
  error: ({ input }) =>
    typeof input === "string" && unbuiltExecutors.includes(input)
      ? "package the job as a container that reads and writes its topics itself, and use Delegated"
      : undefined,
});

/** Deliveries that AlgoRun was announced with and never had, and what does the same. */
const unbuiltDeliveries: Readonly<Record<string, string>> = {
  DelimitedParameter: "use FileArrayParameter with fileParameter.delimiter",
  EnvironmentVariable: "use StdIn or FileParameter, since a variable has no room for a message",
  GrpcResponse: "use HttpResponse, which is the answer of a grpc algo, too",
  Parameter: "use FileParameter",
  RepeatedParameter: "use FileArrayParameter without a delimiter, which repeats the flag",
};

function adviceOnDelivery({ input }: { readonly input?: unknown }): string | undefined {
  return typeof input === "string" && Object.hasOwn(unbuiltDeliveries, input)
    ? unbuiltDeliveries[input]
    : undefined;
}

export const inputDeliverySchema = z.enum(
  ["StdIn", "Http", "Https", "Grpc", "FileParameter", "FileArrayParameter", "KafkaTopic"],
  { error: adviceOnDelivery },
);

export const outputDeliverySchema = z.enum(
  ["StdOut", "FileParameter", "FolderParameter", "HttpResponse", "KafkaTopic"],
  { error: adviceOnDelivery },
);

const inputSchema = z.strictObject({
  name: portNameSchema,
  isRequired: z.boolean().default(false).describe("A required input must have a pipe."),
  inputDeliveryType: inputDeliverySchema.describe("How a message reaches the algo."),
  contentTypes: z
    .array(z.string().min(1))
    .describe("Accepted content types; empty, */* or any/any accept anything."),
  http: z
    .strictObject({
      verb: verbSchema.optional(),
      port: listenPort.optional(),
      path: urlPathSchema.optional(),
      headers: z.record(z.string(), z.string()).optional(),
    })
    .optional()
    .describe("Http and Https: where the algo's server listens (POST, 8080 and / by default)."),
  httpVerb: verbSchema.optional().describe("Older form of http.verb."),
  httpPort: listenPort.optional().describe("Older form of http.port."),
  httpPath: urlPathSchema.optional().describe("Older form of http.path."),
  grpc: z
    .strictObject({ port: listenPort.optional(), protofile: z.string().optional() })
    .optional()
    .describe("Grpc: where the algo's server listens (50051 by default)."),
  fileParameter: z
    .strictObject({ parameter: z.string().optional(), delimiter: z.string().optional() })
    .optional()
    .describe(
      "FileParameter and FileArrayParameter: the flag that file names follow, and what separates them; without a delimiter the flag is repeated.",
    ),
});

const outputSchema = z.strictObject({
  name: portNameSchema,
  outputDeliveryType: outputDeliverySchema.describe("How a result leaves the algo."),
  parameter: z
    .string()
    .optional()
    .describe("FileParameter and FolderParameter: the flag that names the place."),
  contentType: z.string().min(1),
});

export const parameterSchema = z.strictObject({
  name: z.string().min(1),
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .describe("Without it, a flag without a value."),
  sortOrder: z.int("a whole number").optional().describe("Place among the parameters; default 0."),
  required: z.boolean().optional().describe("A required parameter must have a value."),
});

const algoVersionSchema = z.strictObject({
  versionTag: versionSchema,
  latest: z.boolean().default(false).describe("The version that a deployment means by latest."),
  image: imageSchema,
  entrypoint: z.string().optional().describe("Program and arguments, e.g. /opt/tag --fast."),
});

/** What an algo is; inside an Algo document, or inline in a deployment. */
export const algoSpecSchema = z
  .strictObject({
    owner: nameSchema,
    name: nameSchema,
    versions: z.array(algoVersionSchema).min(1, "at least one version"),
    executor: executorSchema.default("Executable"),
    parameters: z.array(parameterSchema).default([]),
    inputs: z.array(inputSchema).default([]),
    outputs: z.array(outputSchema).default([]),
    gpuEnabled: z
      .boolean()
      .default(false)
      .describe("Its pods get GPUs: as many as the deployment's resources.limits say, or one."),
  })
  .meta({ id: "AlgoSpec", description: "What an algo is." });

/** A document of kind Algo. */
export const algoSchema = z
  .strictObject({
    apiVersion: apiVersionSchema,
    kind: z.literal("Algo"),
    metadata: metadataSchema,
    spec: algoSpecSchema,
  })
  .describe("An algo: a container with inputs and outputs, in one or several versions.");

/** A valid Algo document. */
export type AlgoDocument = z.output<typeof algoSchema>;
/** What an algo is. */
export type AlgoSpec = z.output<typeof algoSpecSchema>;
/** One input of an algo. */
export type AlgoInputSpec = AlgoSpec["inputs"][number];
/** One output of an algo. */
export type AlgoOutputSpec = AlgoSpec["outputs"][number];
/** A parameter, of an algo or of a deployment. */
export type ParameterSpec = z.output<typeof parameterSchema>;
