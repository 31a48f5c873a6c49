import type * as pulumi from "@pulumi/pulumi";
import type { AwsArgs } from "./aws-args";
import { partitionOf } from "./partition";
import { policyDocument } from "./policy-document";

/**
 * Who may use the key. The account, which means: whomever IAM policies of the account allow it, as AWS' own default
 * for keys is; and CloudWatch Logs, for the log groups of this account and region.
 */
export function encryptionKeyPolicy({
  accountId,
  region,
}: Pick<AwsArgs, "accountId" | "region">): pulumi.Output<string> {
  const { name, domain } = partitionOf(region);
  return policyDocument([
    {
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: `arn:${name}:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.${domain}` },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:${name}:logs:${region}:${accountId}:log-group:*`,
        },
      },
    },
  ]);
}
