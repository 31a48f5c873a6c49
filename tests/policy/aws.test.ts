import { awsBoundRoles, awsClosedSecurityGroups, awsNarrowPolicies } from "../../policies/aws-access";
import {
  awsDurableDatabases,
  awsEncryptedKafka,
  awsGuardedCaches,
  awsGuardedDatabases,
  awsGuardedKafka,
} from "../../policies/aws-data";
import { awsDurableBuckets, awsPrivateBuckets } from "../../policies/aws-storage";
import { itJudges, itJudgesStacks } from "./cases";
import { withField, type Data } from "./fixtures";
import { unknownUntilUpdate, type Given } from "./harness";

function aws(type: string, name: string, props: Readonly<Record<string, Data>>): Given {
  return { type: `aws:${type}`, name, props };
}

const key = "arn:aws:kms:eu-central-1:111122223333:key/1";
const cluster = aws("msk/cluster:Cluster", "kafka", {
  clusterName: "kafka",
  encryptionInfo: {
    encryptionAtRestKmsKeyArn: key,
    encryptionInTransit: { clientBroker: "TLS", inCluster: true },
  },
  clientAuthentication: { sasl: { scram: true } },
  brokerNodeGroupInfo: { instanceType: "kafka.m7g.large" },
});
itJudges(awsEncryptedKafka, cluster, [
  {
    what: "AWS's own defaults on the wire",
    path: ["encryptionInfo", "encryptionInTransit"],
    value: undefined,
  },
  {
    what: "clients without TLS",
    path: ["encryptionInfo", "encryptionInTransit", "clientBroker"],
    value: "TLS_PLAINTEXT",
    found: ["may connect without TLS"],
  },
  {
    what: "brokers without TLS",
    path: ["encryptionInfo", "encryptionInTransit", "inCluster"],
    value: false,
    found: ["brokers speak"],
  },
  {
    what: "AWS's own key",
    path: ["encryptionInfo", "encryptionAtRestKmsKeyArn"],
    value: undefined,
    found: ["a key of AWS's own"],
  },
  {
    what: "a key that is not known yet",
    path: ["encryptionInfo", "encryptionAtRestKmsKeyArn"],
    value: unknownUntilUpdate,
  },
]);
itJudges(awsGuardedKafka, cluster, [
  {
    what: "anybody",
    path: ["clientAuthentication", "unauthenticated"],
    value: true,
    found: ["need not say"],
  },
  { what: "no authentication", path: ["clientAuthentication"], value: undefined, found: ["no way to say"] },
  { what: "IAM", path: ["clientAuthentication", "sasl"], value: { iam: true } },
  {
    what: "brokers on the internet",
    path: ["brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type"],
    value: "SERVICE_PROVIDED_EIPS",
    found: ["on the internet"],
  },
]);

const database = aws("rds/instance:Instance", "sql", {
  storageEncrypted: true,
  multiAz: true,
  deletionProtection: true,
  backupRetentionPeriod: 14,
  finalSnapshotIdentifier: "sql-last",
});
itJudges(awsGuardedDatabases, database, [
  {
    what: "disks without encryption",
    path: ["storageEncrypted"],
    value: undefined,
    found: ["not encrypted"],
  },
  { what: "a public address", path: ["publiclyAccessible"], value: true, found: ["on the internet"] },
  { what: "a replica, which is as its source", path: [], value: { replicateSourceDb: "sql" } },
]);
itJudges(awsDurableDatabases, database, [
  { what: "one zone", path: ["multiAz"], value: false, found: ["one zone"] },
  { what: "deletion by one command", path: ["deletionProtection"], value: undefined, found: ["one command"] },
  { what: "no last snapshot", path: ["skipFinalSnapshot"], value: true, found: ["nothing is left"] },
  { what: "few backups", path: ["backupRetentionPeriod"], value: 1, found: ["less than 7 days"] },
  {
    what: "fewer than the setting asks for",
    path: ["backupRetentionPeriod"],
    value: 14,
    config: { minimumBackupDays: 30 },
    found: ["less than 30 days"],
  },
]);
itJudges(
  awsDurableDatabases,
  aws("rds/cluster:Cluster", "sql", { deletionProtection: true, backupRetentionPeriod: 7 }),
  [
    {
      what: "a cluster without backups",
      path: ["backupRetentionPeriod"],
      value: undefined,
      found: ["less than 7"],
    },
  ],
);

const cache = aws("elasticache/replicationGroup:ReplicationGroup", "redis", {
  transitEncryptionEnabled: true,
  atRestEncryptionEnabled: "true",
  automaticFailoverEnabled: true,
  authToken: "generated-password",
});
itJudges(awsGuardedCaches, cache, [
  { what: "clear text", path: ["transitEncryptionEnabled"], value: false, found: ["clients send"] },
  { what: "disks without encryption", path: ["atRestEncryptionEnabled"], value: undefined, found: ["disks"] },
  { what: "no failover", path: ["automaticFailoverEnabled"], value: undefined, found: ["outage"] },
  { what: "no password", path: ["authToken"], value: undefined, found: ["no password"] },
  { what: "a password that is not known yet", path: ["authToken"], value: unknownUntilUpdate },
]);

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
const document = (statement: Readonly<Record<string, Data>>): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
itJudges(
  awsPrivateBuckets,
  aws("s3/bucketPolicy:BucketPolicy", "files", {
    bucket: "files",
    policy: document({ Principal: { AWS: key } }),
  }),
  [
    {
      what: "a policy for everybody",
      path: ["policy"],
      value: document({ Principal: "*" }),
      found: ["number 1 is for everybody"],
    },
    {
      what: "a policy for everybody who meets a condition",
      path: ["policy"],
      value: document({ Principal: "*", Condition: { Bool: {} } }),
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

const group = aws("ec2/securityGroup:SecurityGroup", "brokers", {
  ingress: [{ protocol: "tcp", fromPort: 9096, toPort: 9096, cidrBlocks: ["10.0.0.0/16"] }],
});
itJudges(awsClosedSecurityGroups, group, [
  {
    what: "everybody",
    path: ["ingress", 0, "cidrBlocks"],
    value: ["0.0.0.0/0"],
    found: ["everybody (0.0.0.0/0) may connect to port 9096"],
  },
  {
    what: "everybody by IPv6",
    path: ["ingress", 0, "ipv6CidrBlocks"],
    value: ["::/0"],
    found: ["everybody (::/0)"],
  },
  {
    what: "a port of the list",
    path: ["ingress", 0, "cidrBlocks"],
    value: ["0.0.0.0/0"],
    config: { openPorts: [9096] },
  },
]);
itJudges(
  awsClosedSecurityGroups,
  aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "brokers", {
    ipProtocol: "-1",
    cidrIpv4: "10.0.0.0/8",
  }),
  [{ what: "everybody at every port", path: ["cidrIpv4"], value: "0.0.0.0/0", found: ["every port"] }],
);
itJudges(
  awsClosedSecurityGroups,
  aws("ec2/securityGroupRule:SecurityGroupRule", "brokers", {
    type: "egress",
    protocol: "-1",
    cidrBlocks: ["0.0.0.0/0"],
  }),
  [{ what: "everybody who comes in", path: ["type"], value: "ingress", found: ["everybody"] }],
);

const policy = aws("iam/policy:Policy", "files", {
  policy: document({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::files/*" }),
});
itJudges(awsNarrowPolicies, policy, [
  {
    what: "every action",
    path: ["policy"],
    value: document({ Action: "*", Resource: key }),
    found: ["allows *"],
  },
  {
    what: "every action of a service on everything",
    path: ["policy"],
    value: document({ Action: ["s3:*"], Resource: ["*"] }),
    found: ["allows s3:* on everything"],
  },
  {
    what: "every action of a service on one thing",
    path: ["policy"],
    value: document({ Action: "s3:*", Resource: key }),
  },
  {
    what: "all but some",
    path: ["policy"],
    value: document({ NotAction: "iam:*", Resource: key }),
    found: ["NotAction"],
  },
  {
    what: "a refusal of everything",
    path: ["policy"],
    value: JSON.stringify({ Statement: { Effect: "Deny", Action: "*" } }),
  },
]);

const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/1";
const trust = (conditions: Readonly<Record<string, Data>>): string =>
  document({
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Condition: { StringEquals: conditions },
  });
const audience = { [`${issuer}:aud`]: "sts.amazonaws.com" };
const role = aws("iam/role:Role", "files", {
  assumeRolePolicy: trust({ ...audience, [`${issuer}:sub`]: "system:serviceaccount:shop:web" }),
});
itJudges(awsBoundRoles, role, [
  {
    what: "every pod of the cluster",
    path: ["assumeRolePolicy"],
    value: trust(audience),
    found: ["which sub"],
  },
  {
    what: "every account of a namespace",
    path: ["assumeRolePolicy"],
    value: trust({ ...audience, [`${issuer}:sub`]: "system:serviceaccount:shop:*" }),
    found: ["which sub"],
  },
  {
    what: "tokens for others",
    path: ["assumeRolePolicy"],
    value: trust({ [`${issuer}:sub`]: "system:serviceaccount:shop:web" }),
    found: ["which aud"],
  },
  {
    what: "everybody",
    path: ["assumeRolePolicy"],
    value: document({ Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
    found: ["trusts everybody"],
  },
]);
