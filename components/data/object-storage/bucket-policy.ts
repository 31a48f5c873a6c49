import { stableJson } from "../../workload/stable-text";

/**
 * What the user of a bucket may do: read, write, delete and list its objects. The bucket itself is not its to change,
 * and of all other buckets it does not even see the names.
 *
 * @returns an S3 policy document
 */
export function bucketPolicy(bucket: string): string {
  return stableJson({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
      {
        Effect: "Allow",
        Action: [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      },
    ],
  });
}
