import { z } from "zod";
import { mskSchema } from "./msk-schema";
import { addressBlocks, brokerAddresses, count, dnsLabel, quantity, resources, text } from "./values";

const caCertificate = text
  .optional()
  .describe("PEM of the authority that signed the brokers' certificates; without it a public one");

const administration = z
  .strictObject({
    bootstrapServers: brokerAddresses.describe("Brokers as host:port, as seen from where pulumi runs"),
    username: text.describe("User that may make topics, users and ACLs; its password is kafkaPassword"),
    caCertificate,
    tls: z.boolean().default(true).describe("Whether the connection is encrypted"),
  })
  .describe("How this program reaches Kafka, where not as pods do");

const outside = z
  .strictObject({
    type: z.enum(["NodePort", "LoadBalancer"]).describe("Kind of the Services, one for each broker"),
    addresses: brokerAddresses.describe("host:port of each broker in order, as clients outside reach it"),
    addressBlocks: addressBlocks.describe(
      "Networks that may connect; with NodePort, traffic comes from the nodes' own addresses",
    ),
  })
  .check(({ value, issues }) => {
    const isNodePort = (address: string): boolean => {
      const port = Number(address.replace(/^.*:/, ""));
      return port >= 30_000 && port <= 32_767;
    };
    value.addresses.forEach((address, index) => {
      if (value.type === "LoadBalancer" || isNodePort(address)) return;
      const message = "a port of nodes, from 30000 to 32767";
      issues.push({ code: "custom", input: address, path: ["addresses", index], message });
    });
  })
  .describe("Lets clients outside the cluster in, who log in as all others");

const cluster = z.strictObject({
  mode: z.literal("cluster").describe("Kafka runs in the cluster"),
  controllers: z
    .union([z.literal(1), z.literal(3), z.literal(5)], "1, 3 or 5, since controllers vote")
    .default(3)
    .describe("Members of the quorum: 1, 3 or 5"),
  brokers: count(1)
    .default(3)
    .describe("Nodes with data; topics have as many copies, at most three, unless documents say otherwise"),
  controllerResources: resources.optional().describe("Requests and limits of each controller"),
  brokerResources: resources.optional().describe("Requests and limits of each broker"),
  controllerStorageSize: quantity.optional().describe("Size of each controller's volume"),
  brokerStorageSize: quantity.optional().describe("Size of each broker's volume"),
  minReadySeconds: count(0)
    .optional()
    .describe("Seconds that a broker must be ready before the next one is replaced"),
  spread: z
    .enum(["preferred", "required"])
    .default("preferred")
    .describe(
      "How nodes keep apart: required leaves one waiting rather than putting two on a machine, or zones out of balance",
    ),
  external: outside.optional(),
  tls: z
    .strictObject({
      secretName: dnsLabel.describe("Secret with tls.crt, tls.key and ca.crt in the platform's namespace"),
      caCertificate,
    })
    .optional()
    .describe("Encrypts every connection, by a certificate of your own rather than one of certificates"),
  administration: administration.optional(),
});

const external = z.strictObject({
  mode: z.literal("external").describe("Somebody else runs Kafka; it must know SCRAM-SHA-512 and ACLs"),
  bootstrapServers: brokerAddresses.describe("Brokers as host:port, as pods reach them"),
  brokers: count(1).describe("Number of its brokers: the highest number of copies that a topic can have"),
  caCertificate,
  tls: z.boolean().default(true).describe("Whether clients speak TLS"),
  addressBlocks: addressBlocks.describe("Networks of the brokers, which network policies let pods reach"),
  administration,
});

/** Kafka in the cluster, one that AWS runs, or one that somebody else runs. */
export const kafkaSchema = z.discriminatedUnion("mode", [cluster, mskSchema, external]);
