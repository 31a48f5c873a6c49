import { z } from "zod";
import {
  absolutePathSchema,
  byteSizeSchema,
  durationSchema,
  ownImageSchema,
  portNameSchema,
  quantitySchema,
  secretNameSchema,
  workloadFields,
} from "./fields-schema";
import { routeFields } from "./routes-schema";
import { expectedLoadSchema, topicSchema } from "./topic-schema";

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
  expectedLoad: expectedLoadSchema.optional(),
  maxBodySize: byteSizeSchema
    .optional()
    .describe(
      "HTTP and gRPC: most bytes of a request, e.g. 10Mi. Default: for Embedded what a message of the topic holds, less 64Ki for headers; for FileReference 1Gi.",
    ),
  maxDuration: durationSchema
    .optional()
    .describe(
      "RTMP: longest time that a stream may be sent at a stretch, e.g. 8h; then it is cut off, and may begin again. Default: as long as it likes.",
    ),
});

const producerSchema = z.strictObject({
  cb: z
    .strictObject({
      interval: z.int().min(0).optional().describe("Seconds after which failures are forgotten; 0: never."),
      timeout: durationSchema.optional().describe("How long it stays open before Kafka is tried again."),
      fails: z.int().min(1).optional().describe("Failures in a row that open it."),
      requests: z.int().min(1).optional().describe("Requests that may try before it closes again."),
    })
    .optional()
    .describe("Circuit breaker between the gateway and Kafka."),
  resend: z
    .strictObject({
      period: durationSchema.optional().describe("Time between two rounds."),
      rate_limit: z.int().min(1).optional().describe("Most messages in a second."),
    })
    .optional()
    .describe("How the write-ahead log is sent again."),
  wal: z
    .strictObject({
      mode: z.enum(["always", "fallback", "disable"]).optional(),
      in_memory: z
        .boolean()
        .default(false)
        .describe("Keep it in memory, without a volume: it is gone with its pod."),
      path: absolutePathSchema.optional().describe("Folder of the log; default /var/lib/algorun/wal."),
      size: quantitySchema
        .optional()
        .describe("Size of the volume, default 1Gi; or in memory, default 64Mi."),
      storageClass: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "the name of a StorageClass: a-z, 0-9, '.' and '-'")
        .optional()
        .describe("Storage class of the volume. Default: the stack's."),
      always_topics: z.array(z.string()).default([]).describe("Topics of the endpoint that always use it."),
      disable_topics: z.array(z.string()).default([]).describe("Topics of the endpoint that never use it."),
    })
    .optional()
    .describe("Write-ahead log: messages that wait for Kafka."),
});

const callerSchema = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/, "at most 63 letters, digits, '.', '_' and '-'");

const addressSchema = z.url({ protocol: /^https?$/, error: "an https URL" });

const authenticationSchema = z
  .strictObject({
    apiKeys: z
      .strictObject({
        callers: z
          .array(callerSchema)
          .min(1, "at least one caller")
          .optional()
          .describe("Who may call: a key is made for each, and shown among the stack's outputs."),
        secretName: secretNameSchema
          .optional()
          .describe(
            "Or a Secret of your own: for each caller an entry with the SHA-256 of its key, in hexadecimal.",
          ),
      })
      .optional()
      .describe("Callers send a key in the header or gRPC metadata x-api-key."),
    jwt: z
      .strictObject({
        issuer: z.string().min(1).describe("The token's iss."),
        jwksUri: addressSchema.describe("Where the issuer publishes its keys."),
        audiences: z
          .array(z.string().min(1))
          .min(1, "at least one audience")
          .describe("The token's aud must be one of them."),
      })
      .optional()
      .describe("Callers send a token of an issuer in the header or gRPC metadata authorization."),
  })
  .describe("Who may call; either apiKeys or jwt. Default: everybody who reaches the edge.");

/** The endpoint of a deployment, as documents state it. */
export const endpointSchema = z
  .strictObject({
    ...workloadFields,
    ...routeFields,
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
          .describe("Settings of the gateway's Kafka producer, as librdkafka names them."),
      })
      .optional(),
    authentication: authenticationSchema.optional(),
  })
  .describe("Accepts data from outside.");

/** The endpoint of a deployment. */
export type EndpointSpec = z.output<typeof endpointSchema>;
/** A path of the endpoint. */
export type EndpointPathSpec = z.output<typeof pathSchema>;
