import { z } from "zod";
import {
  absolutePathSchema,
  durationSchema,
  ownImageSchema,
  portNameSchema,
  quantitySchema,
  workloadFields,
} from "./schema-fields";
import { routeFields } from "./schema-routes";
import { topicSchema } from "./schema-topic";

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
      path: absolutePathSchema.optional().describe("Folder of the log; default /var/lib/algorun/wal."),
      size: quantitySchema.optional().describe("Size of the volume; default 1Gi."),
      always_topics: z.array(z.string()).default([]),
      disable_topics: z.array(z.string()).default([]),
    })
    .optional()
    .describe("Write-ahead log: messages that wait for Kafka."),
});

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
          .describe("Settings of the gateway's Kafka producer."),
      })
      .optional(),
  })
  .describe("Accepts data from outside.");

/** The endpoint of a deployment. */
export type EndpointSpec = z.output<typeof endpointSchema>;
/** A path of the endpoint. */
export type EndpointPathSpec = z.output<typeof pathSchema>;
