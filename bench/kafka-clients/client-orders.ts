import { z } from "zod";

/** The clients, by the names of their packages. */
export const clientNames = ["@platformatic/kafka", "kafkajs", "@confluentinc/kafka-javascript"] as const;
export type ClientName = (typeof clientNames)[number];

const login = z.object({
  brokers: z.array(z.string()).readonly(),
  username: z.string(),
  password: z.string(),
});

/** What a client's process is told. */
export const orderSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("speed"),
    client: z.enum(clientNames),
    login,
    topic: z.string(),
    /** Time of each measure. */
    seconds: z.number(),
  }),
  z.object({
    kind: z.literal("copy"),
    client: z.enum(clientNames),
    login,
    group: z.string(),
    member: z.string(),
    from: z.string(),
    to: z.string(),
  }),
]);
export type Order = z.output<typeof orderSchema>;

/** How fast a client is. */
export const speedSchema = z.object({
  /** Messages a second, and the CPU time of one in microseconds. */
  written: z.object({ perSecond: z.number(), cpu: z.number() }),
  /** Of single messages, one after the other, in milliseconds. */
  latency: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  read: z.object({ perSecond: z.number(), cpu: z.number() }),
  /** Resident memory afterwards, in MiB. */
  memory: z.number(),
});
export type Speed = z.output<typeof speedSchema>;

/** What it answers. */
export const answerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("speed"), speed: speedSchema }),
  z.object({ kind: z.literal("copying") }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);
export type Answer = z.output<typeof answerSchema>;
