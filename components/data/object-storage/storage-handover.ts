import { z } from "zod";
import { awsHandoverSchema } from "../../aws/aws-handover";
import { networkAddressSchema } from "../../workload/network-address-schema";

/** What the stack of a platform tells others of its object storage; passwords and keys are secrets. */
export const storageHandoverSchema = z.discriminatedUnion("kind", [
  /** Servers in the cluster: a Job beside them makes each bucket and its user. */
  z.object({
    kind: z.literal("servers"),
    engine: z.enum(["minio", "seaweedfs"]),
    /** Begins the names of the servers' objects. */
    name: z.string(),
    namespace: z.string(),
    /** Password of the administrator. */
    rootPassword: z.string(),
    image: z.string(),
    /** What the Jobs of buckets run. */
    clientImage: z.string(),
    endpoint: z.string(),
    region: z.string(),
    address: networkAddressSchema,
    /** Where those Jobs reach the servers' own interfaces. */
    administrationAddress: networkAddressSchema,
  }),
  /** A storage that somebody else runs, where one key opens all buckets. */
  z.object({
    kind: z.literal("external"),
    endpoint: z.string(),
    region: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    addressBlocks: z.array(z.string()),
  }),
  /** Amazon S3, where pods log in by roles. */
  z.object({
    kind: z.literal("s3"),
    addressBlocks: z.array(z.string()),
    abortUploadsAfterDays: z.number(),
    expireVersionsAfterDays: z.number(),
    aws: awsHandoverSchema,
  }),
]);

/** What the stack of a platform tells others of its object storage. */
export type StorageHandover = Readonly<z.infer<typeof storageHandoverSchema>>;
