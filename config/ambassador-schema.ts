import { z } from "zod";
import { count, dnsLabel, system, text } from "./values";

/** The edge that answers for HTTP and gRPC. */
export const ambassadorSchema = z.strictObject({
  ...system,
  replicas: count(1).default(2).describe("Number of its pods"),
  definitions: z
    .enum(["install", "existing"])
    .default("install")
    .describe("Whether its custom resource definitions are installed, or the cluster has them"),
  serviceType: z
    .enum(["ClusterIP", "NodePort", "LoadBalancer"])
    .default("LoadBalancer")
    .describe("How it and the RTMP server are reached from outside"),
  hostname: text.default("*").describe("Public host name; * answers to any"),
  tlsSecretName: dnsLabel
    .optional()
    .describe(
      "Secret with tls.crt and tls.key in the platform's namespace; without it and certificates there is no TLS",
    ),
  rateLimit: z
    .strictObject({
      requests: count(1).default(600).describe("Requests that a client may make of one deployment"),
      unit: z.enum(["second", "minute", "hour", "day"]).default("minute").describe("In which time"),
    })
    .prefault({})
    .describe("Limit of a deployment whose document states none"),
});
