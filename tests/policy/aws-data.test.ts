import {
  awsDurableDatabases,
  awsEncryptedKafka,
  awsGuardedCaches,
  awsGuardedDatabases,
  awsGuardedKafka,
} from "../../policies/aws-data";
import { aws } from "./aws-resource";
import { itJudges } from "./cases";
import { unknownUntilUpdate } from "./harness";

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
