import { awsDurableBuckets, awsPrivateBuckets } from "../../policies/aws-storage";
import { aws, policyDocument } from "./aws-resource";
import { itJudges, itJudgesStacks } from "./cases";
import { withField } from "./fixtures";
import { unknownUntilUpdate, type Given } from "./harness";

const key = "arn:aws:kms:eu-central-1:111122223333:key/1";
const bucketUrn = "urn:pulumi:test::algorun::aws:s3/bucket:Bucket::files";
const bucket: Given = { ...aws("s3/bucket:Bucket", "files", { bucket: "files" }), urn: bucketUrn };
const all = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const block = aws("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "files", { bucket: "files", ...all });
const versioning = aws("s3/bucketVersioning:BucketVersioning", "files", {
  bucket: "files",
  versioningConfiguration: { status: "Enabled" },
});
const encryption = aws(
  "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "files",
  {
    bucket: "files",
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
  },
);
const lifecycle = aws("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "files", {
  bucket: "files",
});

itJudges(awsPrivateBuckets, block, [
  { what: "a switch that is off", path: ["blockPublicPolicy"], value: false, found: ["can be made public"] },
  {
    what: "a switch that is left out",
    path: ["ignorePublicAcls"],
    value: undefined,
    found: ["can be made public"],
  },
]);
itJudges(awsPrivateBuckets, bucket, [
  { what: "an ACL for everybody", path: ["acl"], value: "public-read", found: ['"public-read"'] },
]);
itJudges(
  awsPrivateBuckets,
  aws("s3/bucketPolicy:BucketPolicy", "files", {
    bucket: "files",
    policy: policyDocument({ Principal: { AWS: key } }),
  }),
  [
    {
      what: "a policy for everybody",
      path: ["policy"],
      value: policyDocument({ Principal: "*" }),
      found: ["number 1 is for everybody"],
    },
    {
      what: "a policy for everybody who meets a condition",
      path: ["policy"],
      value: policyDocument({ Principal: "*", Condition: { Bool: {} } }),
    },
    { what: "what is no JSON", path: ["policy"], value: "{" },
  ],
);
const unnamed = withField(bucket, ["bucket"], unknownUntilUpdate);
const referring: Given = {
  ...withField(block, ["bucket"], unknownUntilUpdate),
  sources: { bucket: [bucketUrn] },
};
itJudgesStacks(
  awsPrivateBuckets,
  [bucket, block],
  [
    { what: "a bucket without a block", stack: [bucket], found: ["no BucketPublicAccessBlock"] },
    {
      what: "a bucket with the block of another",
      stack: [bucket, withField(block, ["bucket"], "other")],
      found: ["no BucketPublicAccessBlock"],
    },
    { what: "names that a preview does not know", stack: [unnamed, referring] },
    {
      what: "a bucket that a preview's block is not about",
      stack: [unnamed, { ...bucket, urn: `${bucketUrn}-2`, name: "second" }, referring],
      found: ["no BucketPublicAccessBlock"],
    },
  ],
);

itJudges(awsDurableBuckets, versioning, [
  {
    what: "versions that are not kept",
    path: ["versioningConfiguration", "status"],
    value: "Suspended",
    found: ['"Suspended"'],
  },
]);
itJudges(awsDurableBuckets, encryption, [
  {
    what: "AWS's own key",
    path: ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"],
    value: "AES256",
    found: ['"AES256"'],
  },
]);
itJudges(awsDurableBuckets, bucket, [
  {
    what: "a bucket that is deleted full",
    path: ["forceDestroy"],
    value: true,
    found: ["with all that is in it"],
  },
]);
itJudgesStacks(
  awsDurableBuckets,
  [bucket, versioning, encryption, lifecycle],
  [
    {
      what: "a bucket with nothing",
      stack: [bucket],
      found: ["old versions", "a key of AWS's own", "ever goes"],
    },
    {
      what: "a bucket without a lifecycle where none is asked for",
      stack: [bucket, versioning, encryption],
      config: { requireLifecycle: false },
    },
  ],
);
