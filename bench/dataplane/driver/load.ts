import { z } from "zod";

/** How messages are sent, and how they are measured. */
export const loadSchema = z.object({
  /** Where to: `http:`, a request for each message, or `grpc:`, calls that stay open. */
  url: z.string(),
  /** Bytes of a message. */
  bytes: z.number(),
  /** When a message is done: the gateway has answered, or the webhook has got it. */
  until: z.enum(["answered", "delivered"]),
  /**
   * A number of messages on their way, each followed by another when it is done: as fast as it goes. Or a number a second,
   * however long they take.
   */
  pace: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("window"), messages: z.number() }),
    z.object({ kind: z.literal("rate"), perSecond: z.number() }),
  ]),
  /** Before anything counts. */
  warmUpSeconds: z.number(),
  seconds: z.number(),
});
export type Load = z.output<typeof loadSchema>;

/** What came of it. */
export const loadFiguresSchema = z.object({
  /** Messages done in a second. */
  perSecond: z.number(),
  /** From the moment a message was due until it was done, of those that were due or done while it counted; milliseconds. */
  latency: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  /** Messages that the gateway did not take. */
  refused: z.number(),
  /** Messages that were taken and did not arrive within half a minute after the end. */
  lost: z.number(),
  /** Messages that arrived again. */
  doubled: z.number(),
});
export type LoadFigures = z.output<typeof loadFiguresSchema>;

/** What the driver says. */
export const driverWordSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listening"), port: z.number() }),
  z.object({ kind: z.literal("begun") }),
  z.object({ kind: z.literal("ended") }),
  z.object({ kind: z.literal("figures"), figures: loadFiguresSchema }),
  z.object({ kind: z.literal("failed"), reason: z.string() }),
]);
export type DriverWord = z.output<typeof driverWordSchema>;
