import { z } from "zod";
import { headerNameSchema } from "./fields-schema";
import { rolloutSchema } from "./rollout-schema";

/** Longest time that a route may wait: a day. */
const longestSeconds = 86_400;

const seconds = z.number("a number of seconds").min(0).max(longestSeconds);
const bound = z.int("a whole number").min(0).max(4_294_967_295).optional();

const hostname = z
  .string()
  .max(253, "at most 253 characters")
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    "a host name such as orders.acme.example, in lower case",
  );

const retriesSchema = z
  .strictObject({
    retryOn: z
      .enum(["connect-failure", "refused-stream", "gateway-error", "5xx", "retriable-4xx"])
      .default("connect-failure")
      .describe(
        "Which failures. connect-failure and refused-stream never double a message, since the endpoint has not seen the request; the others may.",
      ),
    attempts: z
      .int("a whole number")
      .min(1)
      .max(10)
      .default(1)
      .describe("How often a request is sent again; Envoy's own default is 1."),
    perTryTimeoutSeconds: seconds
      .min(0.001)
      .optional()
      .describe("How long each attempt may take. Default: what is left of timeoutSeconds."),
  })
  .describe("Sends failed requests again. Bodies that Envoy does not buffer whole (above 1 MiB) are not.");

const circuitBreakersSchema = z
  .strictObject({
    maxConnections: bound.describe("Envoy's default is 1024."),
    maxPendingRequests: bound.describe("Requests that wait for a connection; Envoy's default is 1024."),
    maxRequests: bound.describe("Requests under way; Envoy's default is 1024."),
    maxRetries: bound.describe("Retries under way; Envoy's default is 3."),
  })
  .describe(
    "Bounds on what each pod of the edge may have under way to the endpoint; beyond, it answers 503.",
  );

const corsSchema = z
  .strictObject({
    origins: z
      .array(z.string().regex(/^(\*|https?:\/\/[^\s/]+)$/, "an origin such as https://shop.example, or *"))
      .min(1, "at least one origin"),
    methods: z.array(z.string().regex(/^[A-Z]+$/, "an HTTP method such as POST")).default([]),
    headers: z.array(headerNameSchema).default([]).describe("Request headers that scripts may send."),
    exposedHeaders: z.array(headerNameSchema).default([]).describe("Response headers that scripts may read."),
    credentials: z.boolean().default(false),
    maxAgeSeconds: z.int("a whole number of seconds").min(0).max(longestSeconds).optional(),
  })
  .describe("What scripts of other origins may do, in browsers; HTTP only.");

const loadBalancingSchema = z
  .strictObject({
    policy: z.enum(["round_robin", "least_request", "ring_hash", "maglev"]),
    header: headerNameSchema.optional().describe("ring_hash and maglev: the header that chooses the pod."),
    cookie: z
      .strictObject({
        name: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, "the name of a cookie"),
        path: z.string().startsWith("/", "a path such as /").optional(),
        maxAgeSeconds: z
          .int("a whole number of seconds")
          .min(0)
          .max(longestSeconds)
          .optional()
          .describe("With it, Envoy makes the cookie when it is missing; 0: until the browser ends."),
      })
      .optional()
      .describe("ring_hash and maglev: the cookie that chooses the pod."),
    sourceAddress: z.boolean().default(false).describe("ring_hash and maglev: the caller's address chooses."),
  })
  .describe("Which pod gets a request. Default: any, chosen for each connection by Kubernetes.");

const routingSchema = z
  .strictObject({
    hostnames: z
      .array(hostname)
      .min(1, "at least one host name")
      .optional()
      .describe(
        "Names at which the endpoint answers, instead of the platform's own; the platform's edge must cover them. gRPC callers then need no x-algorun-deployment header.",
      ),
    prefix: z
      .string()
      .max(200, "at most 200 characters")
      .regex(/^\/([A-Za-z0-9._~-]+\/)*$/, "a path that begins and ends with '/', such as /orders/")
      .optional()
      .describe("Path before the name of a path, for HTTP. Default: /run/http/{owner}/{name}/."),
    timeoutSeconds: seconds
      .optional()
      .describe("How long a request may take; 0: as long as it likes. Default: 300 for HTTP, 0 for gRPC."),
    idleTimeoutSeconds: seconds
      .optional()
      .describe(
        "How long a request may be silent; 0: as long as it likes. Default: 300, or timeoutSeconds where that is longer.",
      ),
    connectTimeoutSeconds: seconds
      .min(0.001)
      .optional()
      .describe("How long a connection to the endpoint may take; Emissary's default is 3."),
    retries: retriesSchema.optional(),
    circuitBreakers: circuitBreakersSchema.optional(),
    cors: corsSchema.optional(),
    loadBalancing: loadBalancingSchema.optional(),
  })
  .meta({ id: "Routing", description: "How requests reach the endpoint." });

const rateLimitSchema = z
  .strictObject({
    by: z
      .enum(["remoteAddress", "header", "apiKey"])
      .describe(
        "What is counted apart: each caller's address, each value of a header, or each value of x-api-key. A request without the header is not counted.",
      ),
    header: headerNameSchema.optional().describe("Only, and always, with by: header."),
    requests: z.int("a whole number").min(1).max(4_294_967_295),
    unit: z.enum(["second", "minute", "hour", "day"]),
  })
  .meta({ id: "RateLimit", description: "How much may be asked; more is answered with 429." });

/** What an endpoint may say of the traffic to it; additions of this implementation to v1beta1. */
export const routeFields = {
  routing: routingSchema.optional(),
  rollout: rolloutSchema.optional(),
  rateLimits: z
    .array(rateLimitSchema)
    .default([])
    .describe("Limits of this deployment; one by remoteAddress replaces the platform's."),
};

/** How requests reach the endpoint. */
export type RoutingSpec = z.output<typeof routingSchema>;
/** How much may be asked of the endpoint. */
export type RateLimitSpec = z.output<typeof rateLimitSchema>;
