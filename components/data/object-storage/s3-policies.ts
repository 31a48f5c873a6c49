import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../../aws/policy-document";

/** How pods use a bucket. */
export interface BucketUse {
  readonly reads: boolean;
  readonly writes: boolean;
}

/** Policy of a bucket: nobody gets through without TLS, of version 1.2 or newer. */
export function tlsOnlyPolicy(bucketArn: pulumi.Output<string>): pulumi.Output<string> {
  const everything = { Principal: "*", Action: "s3:*", Resource: [bucketArn, objectsOf(bucketArn)] } as const;
  return policyDocument([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      ...everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "Tls12",
      Effect: "Deny",
      ...everything,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
  ]);
}

/**
 * Policy of a role: what its kind of use needs of one bucket and of the key that encrypts it. Who writes may read the
 * parts of its own upload back, for which it must decrypt.
 */
export function usePolicy(
  { reads, writes }: BucketUse,
  bucketArn: pulumi.Output<string>,
  keyArn: pulumi.Output<string>,
): pulumi.Output<string> {
  const onBucket = writes ? ["s3:ListBucketMultipartUploads"] : [];
  const onObjects = [
    ...(reads ? ["s3:GetObject"] : []),
    ...(writes
      ? ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      : []),
  ];
  return policyDocument([
    {
      Sid: "Bucket",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket", ...onBucket],
      Resource: bucketArn,
    },
    { Sid: "Objects", Effect: "Allow", Action: onObjects, Resource: objectsOf(bucketArn) },
    {
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:Decrypt", ...(writes ? ["kms:GenerateDataKey"] : [])],
      Resource: keyArn,
    },
  ]);
}

/** Policy of who takes on a role: pods of these service accounts, by a token that is for AWS. */
export function podTrustPolicy(trust: {
  readonly oidcProviderArn: string;
  readonly audience: string;
  readonly namespace: pulumi.Input<string>;
  readonly serviceAccounts: readonly string[];
}): pulumi.Output<string> {
  const issuer = trust.oidcProviderArn.replace(/^.*:oidc-provider\//, "");
  const subjects = trust.serviceAccounts.map(
    (account) => pulumi.interpolate`system:serviceaccount:${trust.namespace}:${account}`,
  );
  return policyDocument([
    {
      Sid: "Pods",
      Effect: "Allow",
      Principal: { Federated: trust.oidcProviderArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${issuer}:aud`]: trust.audience, [`${issuer}:sub`]: subjects } },
    },
  ]);
}

function objectsOf(bucketArn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`${bucketArn}/*`;
}
