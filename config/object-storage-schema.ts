import { z } from "zod";
import { s3Schema } from "./s3-schema";
import { addressBlocks, storedSystem, text } from "./values";

const minioServers = "1, or 4 to 16, since MinIO spreads each object over at least 4 servers";

const minio = z.strictObject({
  ...storedSystem,
  engine: z.literal("minio").describe("MinIO runs in the cluster"),
  replicas: z
    .int(minioServers)
    .refine((servers) => servers === 1 || (servers >= 4 && servers <= 16), minioServers)
    .default(1)
    .describe("Number of its servers: 1, or 4 to 16 that survive the loss of some"),
});

const seaweedfs = z.strictObject({
  ...storedSystem,
  engine: z.literal("seaweedfs").describe("SeaweedFS runs in the cluster, as one server"),
});

const external = z.strictObject({
  engine: z.literal("external").describe("Any S3-compatible storage outside"),
  endpoint: z
    .url("an address such as https://s3.eu-central-1.amazonaws.com")
    .describe("Its address, as pods reach it"),
  region: text.describe("Its region; us-east-1 for servers that have none"),
  accessKeyId: text.describe("Key that may make buckets; its secret is objectStorageSecretAccessKey"),
  addressBlocks: addressBlocks.describe("Its networks, which network policies let pods reach"),
});

/** A server in the cluster, Amazon S3, or any S3-compatible storage outside. */
export const objectStorageSchema = z.discriminatedUnion("engine", [minio, seaweedfs, s3Schema, external]);
