import { z } from "zod";

const whole = z
  .string()
  .regex(/^-?\d+$/, "expected a whole number")
  .transform(Number);
const compressions = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
const partitioners = [
  "random",
  "consistent",
  "consistent_random",
  "murmur2",
  "murmur2_random",
  "fnv1a",
  "fnv1a_random",
] as const;

/** How the producer works. */
export interface ProducerParams {
  /** Undefined: the name of the pod. */
  readonly clientId: string | undefined;
  /** -1: every copy that is in sync has a message before it counts as delivered. */
  readonly acks: number;
  /** Whether a message that is sent twice is written once. */
  readonly idempotent: boolean;
  readonly compression: (typeof compressions)[number];
  readonly partitioner: (typeof partitioners)[number];
  /** Most bytes of a request to Kafka. */
  readonly batchBytes: number;
  readonly batchMessages: number;
  /** How long a message waits for others. */
  readonly lingerMs: number;
  /** Undefined: an eighth of the memory that the process may take. */
  readonly bufferBytes: number | undefined;
  /** How long a caller waits for Kafka before the log takes its message. */
  readonly confirmMs: number;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly retryBackOffMs: number;
  readonly retryBackOffMaxMs: number;
  readonly metadataMaxAgeMs: number;
}

const settings = z.looseObject({
  acks: z.union([z.literal("all").transform(() => -1), whole]),
  "enable.idempotence": z.enum(["true", "false"]),
  "client.id": z.string(),
  "compression.type": z.enum(compressions),
  partitioner: z.enum(partitioners),
  "batch.size": whole,
  "batch.num.messages": whole,
  "message.max.bytes": whole,
  "linger.ms": whole,
  "queue.buffering.max.kbytes": whole,
  "delivery.timeout.ms": whole,
  "request.timeout.ms": whole,
  "socket.connection.setup.timeout.ms": whole,
  "retry.backoff.ms": whole,
  "retry.backoff.max.ms": whole,
  "metadata.max.age.ms": whole,
});

/** librdkafka's second names. */
const aliases: Readonly<Record<string, keyof z.output<typeof settings>>> = {
  "request.required.acks": "acks",
  "compression.codec": "compression.type",
  "queue.buffering.max.ms": "linger.ms",
  "message.timeout.ms": "delivery.timeout.ms",
  "socket.timeout.ms": "request.timeout.ms",
};

/** Without a setting: what is safe, and quick enough. */
const defaults = {
  acks: "all",
  "enable.idempotence": "true",
  "compression.type": "none",
  // As clients in Java do, so that a key is in the same partition whoever wrote it.
  partitioner: "murmur2",
  "batch.size": "524288",
  "batch.num.messages": "10000",
  "linger.ms": "0",
  "delivery.timeout.ms": "2000",
  "request.timeout.ms": "30000",
  "socket.connection.setup.timeout.ms": "5000",
  "retry.backoff.ms": "100",
  "retry.backoff.max.ms": "1000",
  "metadata.max.age.ms": "300000",
} as const;

/**
 * The settings of the producer by the names that librdkafka gave them, which documents use. Those that mean nothing to
 * this producer are known to the planner, which says so; here they are passed over.
 */
export const producerParams = z
  .preprocess(
    withDefaults,
    settings.partial({ "client.id": true, "message.max.bytes": true, "queue.buffering.max.kbytes": true }),
  )
  .transform((stated): ProducerParams => {
    const kilobytes = stated["queue.buffering.max.kbytes"];
    return {
      clientId: stated["client.id"],
      acks: stated.acks,
      // Without all copies there is nothing to be idempotent about.
      idempotent: stated.acks === -1 && stated["enable.idempotence"] === "true",
      compression: stated["compression.type"],
      partitioner: stated.partitioner,
      batchBytes: Math.min(stated["batch.size"], stated["message.max.bytes"] ?? Infinity),
      batchMessages: stated["batch.num.messages"],
      lingerMs: stated["linger.ms"],
      bufferBytes: kilobytes === undefined ? undefined : kilobytes * 1024,
      confirmMs: stated["delivery.timeout.ms"],
      requestTimeoutMs: stated["request.timeout.ms"],
      connectTimeoutMs: stated["socket.connection.setup.timeout.ms"],
      retryBackOffMs: stated["retry.backoff.ms"],
      retryBackOffMaxMs: stated["retry.backoff.max.ms"],
      metadataMaxAgeMs: stated["metadata.max.age.ms"],
    };
  });

function withDefaults(input: unknown): unknown {
  const stated = z.record(z.string(), z.string()).safeParse(input);
  if (!stated.success) return input;
  const named = Object.entries(stated.data).map(([name, value]) => [aliases[name] ?? name, value] as const);
  return { ...defaults, ...Object.fromEntries(named) };
}
