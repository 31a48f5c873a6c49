import { z } from "zod";
import { addressBlocks, count } from "./values";

/** Amazon S3, with a bucket for each pipeline. */
export const s3Schema = z.strictObject({
  engine: z.literal("s3").describe("Amazon S3; pods log in by roles and have no keys"),
  addressBlocks: addressBlocks.describe(
    "Where pods reach S3 and STS, which network policies let them: networks of the VPC endpoints, or the region's public ones",
  ),
  abortUploadsAfterDays: count(1).default(7).describe("Days after which an unfinished upload is thrown away"),
  expireVersionsAfterDays: count(1)
    .default(30)
    .describe("Days after which what was replaced or deleted is gone for good"),
});
