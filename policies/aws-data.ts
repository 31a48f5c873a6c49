import { z } from "zod";
import { isOff, isOn, isStated, unmet, type Expectation } from "./rule/aws";
import { advisoryInDev } from "./rule/environment";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";

const kafkaCluster = "aws:msk/cluster:Cluster";
const databases = ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster"];
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

/** Kafka on AWS is spoken by TLS only, and its disks are encrypted with a key of ours. */
export const awsEncryptedKafka = defineRule({
  name: "aws-encrypted-kafka",
  severity: "high",
  description: "Every MSK cluster encrypts what clients and brokers send, and its disks with a KMS key.",
  rationale:
    "TLS_PLAINTEXT, which sounds like TLS, also opens a port without it. With a key of your own, access to the disks can be taken back and is in the audit log.",
  remedy:
    "Set encryptionInfo: encryptionInTransit with clientBroker TLS and inCluster true, and encryptionAtRestKmsKeyArn.",
  levels: advisoryInDev,
  settings: noSettings,
  type: kafkaCluster,
  *judge({ fields }) {
    // What is left out, AWS sets to TLS and true.
    yield* unmet(fields, [
      {
        path: ["encryptionInfo", "encryptionInTransit", "clientBroker"],
        isGood: (field) => field.isAbsent || field.text === "TLS",
        problem: "clients may connect without TLS",
        fix: "set it to TLS",
      },
      {
        path: ["encryptionInfo", "encryptionInTransit", "inCluster"],
        isGood: ({ isFalse }) => !isFalse,
        problem: "brokers speak with each other without TLS",
        fix: "set it to true",
      },
      isStated(
        ["encryptionInfo", "encryptionAtRestKmsKeyArn"],
        "the disks are encrypted with a key of AWS's own",
        "give the ARN of a KMS key",
      ),
    ]);
  },
});

/** Kafka on AWS knows who connects. */
export const awsGuardedKafka = defineRule({
  name: "aws-guarded-kafka",
  severity: "critical",
  description:
    "Every MSK cluster asks clients who they are, by SCRAM, IAM or certificates, and is not public.",
  rationale:
    "Without authentication there is no user that an ACL could be about: whoever reaches the port reads and writes every topic.",
  remedy:
    "Set clientAuthentication.sasl.scram to true, leave unauthenticated out, and publicAccess at DISABLED. The users of pipelines are SCRAM users.",
  levels: advisoryInDev,
  settings: noSettings,
  type: kafkaCluster,
  *judge({ fields }) {
    const authentication = fields.at("clientAuthentication");
    yield* unmet(fields, [
      isOff(["clientAuthentication", "unauthenticated"], "clients need not say who they are"),
      {
        path: ["brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type"],
        isGood: (field) => field.isAbsent || field.text === "DISABLED",
        problem: "the brokers are on the internet",
        fix: "set it to DISABLED",
      },
    ]);
    const ways = [authentication.at("sasl", "scram"), authentication.at("sasl", "iam")];
    const isKnown =
      ways.some((way) => way.isUnknown || way.value === true) || !authentication.at("tls").isAbsent;
    if (authentication.isUnknown || isKnown) return;
    const field = authentication.at("sasl", "scram");
    yield {
      field,
      found: "clients have no way to say who they are",
      fix: "set clientAuthentication.sasl.scram to true",
    };
  },
});

/** Databases on AWS are encrypted, and not on the internet. */
export const awsGuardedDatabases = defineRule({
  name: "aws-guarded-databases",
  severity: "critical",
  description: "Every RDS database is encrypted and has no public address.",
  rationale:
    "Encryption can't be switched on later: the database must be copied. A public address makes its password the only thing between it and everybody.",
  remedy: "Set storageEncrypted (and kmsKeyId), and leave publiclyAccessible out.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge({ type, fields }) {
    if (!isDatabase(type)) return;
    // A replica and an instance that is restored have the encryption of their source.
    const isCopy = ["replicateSourceDb", "snapshotIdentifier", "replicationSourceIdentifier"].some(
      (key) => !fields.at(key).isAbsent,
    );
    yield* unmet(fields, [
      ...(isCopy ? [] : [isOn(["storageEncrypted"], "the disks are not encrypted")]),
      isOff(["publiclyAccessible"], "the database is on the internet"),
    ]);
  },
});

/** Databases on AWS outlive a zone, a mistake, and a week. */
export const awsDurableDatabases = defineRule({
  name: "aws-durable-databases",
  severity: "high",
  description:
    "Every RDS database runs in two zones, is protected from deletion, and has backups of some days and a last snapshot.",
  rationale:
    "The loss of a zone, a wrong pulumi destroy, and a wrong UPDATE that is noticed after the weekend are what happens to databases; each of them has its own remedy, and none replaces another.",
  remedy:
    "Set multiAz, deletionProtection, backupRetentionPeriod, and leave skipFinalSnapshot out. A cluster has its zones by its instances.",
  levels: advisoryInDev,
  settings: z.strictObject({
    minimumBackupDays: z
      .int()
      .min(1)
      .max(35)
      .default(7)
      .meta({ description: "Days for which backups are kept" }),
  }),
  *judge({ type, fields }, { settings }) {
    if (!isDatabase(type) || !fields.at("replicateSourceDb").isAbsent) return;
    const days = settings.minimumBackupDays;
    yield* unmet(fields, [
      ...(type === "aws:rds/instance:Instance"
        ? [isOn(["multiAz"], "the database is in one zone only")]
        : []),
      isOn(["deletionProtection"], "one command deletes the database"),
      isOff(["skipFinalSnapshot"], "nothing is left of the database when it is deleted"),
      {
        path: ["backupRetentionPeriod"],
        isGood: ({ number }) => (number ?? 0) >= days,
        problem: `backups are kept for less than ${days} days`,
        fix: `set it to ${days} or more`,
      },
    ]);
  },
});

/** Caches on AWS are encrypted, and outlive a node. */
export const awsGuardedCaches = defineRule({
  name: "aws-guarded-caches",
  severity: "high",
  description: "Every ElastiCache group is encrypted on the wire and on disk, and fails over by itself.",
  rationale:
    "Rate limits and sessions pass through the cache in clear text otherwise, with the password in front. Without failover, the loss of one node is the loss of all limits.",
  remedy:
    "Set transitEncryptionEnabled, atRestEncryptionEnabled and automaticFailoverEnabled, with two nodes at least; encryption can't be switched on later.",
  levels: advisoryInDev,
  settings: noSettings,
  type: cache,
  *judge(resource) {
    yield* unmet(resource.fields, cacheExpectations(resource));
  },
});

function cacheExpectations({ fields }: Resource): readonly Expectation[] {
  const users = fields.at("userGroupIds");
  const hasPassword = ["authToken", "authTokenWo"].some((key) => !fields.at(key).isAbsent);
  return [
    isOn(["transitEncryptionEnabled"], "what clients send is not encrypted"),
    isOn(["atRestEncryptionEnabled"], "the disks are not encrypted"),
    isOn(["automaticFailoverEnabled"], "the loss of one node is an outage"),
    {
      path: ["authToken"],
      isGood: () => hasPassword || users.isUnknown || users.items.length > 0,
      problem: "clients need no password",
      fix: "give an authToken, or userGroupIds",
    },
  ];
}

function isDatabase(type: string): boolean {
  return databases.includes(type);
}
