import { listenAddress, messageDataTypes } from "@algorun/common";
import { z } from "zod";
import { producerParams } from "./producer-params";

const text = z.string().min(1, "expected some text");
const identity = z.object({ owner: text, name: text });

const takenPath = z.object({
  name: text,
  isDefault: z.boolean(),
  messageDataType: z.enum(messageDataTypes),
  /** Undefined: anything. */
  contentType: text.optional(),
  topic: text,
});

/** A path that callers send requests to. */
const requestPath = takenPath.extend({
  protocol: z.enum(["http", "grpc"]),
  /** Most bytes of a request. */
  maxBodyBytes: z.int().positive(),
});

/** A path whose media stream is played from the platform's media server. */
const streamPath = takenPath.extend({
  protocol: z.literal("rtmp"),
  stream: text,
  streamKeyFile: text.optional(),
  maxStreamSeconds: z.int().positive().optional(),
});

/** Go's notation, as documents have it: `500ms`, `1m30s`. */
const durationMs = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, "expected a duration such as 30s")
  .transform((duration) => {
    const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
    return [...duration.matchAll(/(?<count>[\d.]+)(?<unit>ms|s|m|h)/g)].reduce((sum, { groups }) => {
      const unit = z.enum(["ms", "s", "m", "h"]).parse(groups?.["unit"]);
      return sum + Number(groups?.["count"]) * units[unit];
    }, 0);
  });

const circuitBreaker = z.object({
  interval: z.int().min(0).default(0),
  timeout: durationMs.default(1_000),
  fails: z.int().min(1).default(3),
  requests: z.int().min(1).default(1),
});

const writeAheadLog = z.object({
  mode: z.enum(["always", "fallback", "disable"]).default("fallback"),
  in_memory: z.boolean(),
  path: text,
  /** Bytes of the volume. */
  max_bytes: z.int().positive(),
  always_topics: z.array(text),
  disable_topics: z.array(text),
});

const authentication = z.union([
  z.object({ apiKeys: z.object({ header: text, folder: text, digest: z.literal("sha256") }) }),
  z.object({
    jwt: z.object({ header: text, issuer: text, jwksUri: z.url(), audiences: z.array(text).min(1) }),
  }),
]);

/** What the gateway is told: all but where Kafka is, and who the gateway is there and in object storage. */
export const gatewayConfigSchema = z.object({
  deployment: identity,
  pipeline: identity.extend({ versionTag: text }),
  server: z.object({
    http: z.object({
      listen: listenAddress,
      /** Longest time of a request; 0: as long as it likes. */
      requestSeconds: z.number().min(0).default(300),
    }),
    grpc: z.object({ listen: listenAddress }),
    monitoring: z.object({ listen: listenAddress }),
  }),
  kafka: z.object({ params: producerParams }),
  producer: z.object({
    cb: circuitBreaker.prefault({}),
    resend: z.object({ period: durationMs.default(0), rate_limit: z.int().min(1).optional() }).prefault({}),
    wal: writeAheadLog,
  }),
  paths: z.array(z.discriminatedUnion("protocol", [requestPath, streamPath])).min(1),
  authentication: authentication.optional(),
  /** Other deployments, as `owner.name`, copies of whose requests come in here. */
  copiesOf: z.array(text).default([]),
  storage: z.object({ bucket: text }).optional(),
});

/** See {@link gatewayConfigSchema}. */
export type GatewayConfig = z.output<typeof gatewayConfigSchema>;
export type RequestPath = z.output<typeof requestPath>;
export type CircuitBreakerSettings = z.output<typeof circuitBreaker>;
export type AuthenticationSettings = z.output<typeof authentication>;
export type LogSettings = z.output<typeof writeAheadLog>;
