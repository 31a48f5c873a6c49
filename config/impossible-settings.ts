import { platformElsewhereRules } from "./platform-elsewhere-rules";
import { managedSystemRules } from "./managed-system-rules";
import { rotationRules } from "./rotation-rules";
import type { SecretKey } from "./secret-keys";
import { missingSecret, uselessSecret, type SettingRule } from "./setting-rule";
import type { Settings } from "./settings-schema";

/**
 * Finds settings that are each valid and can't hold together.
 *
 * @param secrets - keys of the secrets that are set
 * @returns one line for each, with the key, what was found, what was expected, and what to do
 */
export function impossibleSettings(settings: Settings, secrets: ReadonlySet<SecretKey>): readonly string[] {
  return rules.flatMap((rule) => rule({ settings, secrets }) ?? []);
}

/** A platform whose clients and data matter. */
function isServing({ environment, platformStack }: Settings): boolean {
  if (platformStack !== undefined) return false;
  return environment === "staging" || environment === "prod";
}

const edgeWithoutTls: SettingRule = ({ settings }) => {
  const { certificates, ambassador, environment } = settings;
  if (!isServing(settings) || certificates !== undefined || ambassador.tlsSecretName !== undefined)
    return undefined;
  // Inside the cluster, something else may stand before it and speak TLS.
  if (ambassador.serviceType === "ClusterIP") return undefined;
  return (
    `algorun:ambassador.tlsSecretName: is missing, expected the name of a Secret in ${environment}, ` +
    "where clients come from outside: set algorun:certificates, and cert-manager makes one; or make it yourself " +
    "(kubectl create secret tls) and set its name; or set algorun:ambassador.serviceType to ClusterIP if something " +
    "before it speaks TLS"
  );
};

const certificateWithoutName: SettingRule = ({ settings }) => {
  const { certificates, ambassador, environment } = settings;
  if (!isServing(settings) || certificates === undefined || ambassador.tlsSecretName !== undefined)
    return undefined;
  if (ambassador.hostname !== "*") return undefined;
  return (
    `algorun:ambassador.hostname: found "*", expected a host name in ${environment}, ` +
    "since a certificate is ordered for it: set the name by which clients reach the edge"
  );
};

const issuerWithoutCertificate: SettingRule = ({ settings: { certificates, ambassador } }) => {
  if (certificates?.edgeIssuer === undefined || ambassador.tlsSecretName === undefined) return undefined;
  return (
    "algorun:certificates.edgeIssuer: found an issuer, expected none, " +
    `since algorun:ambassador.tlsSecretName names the edge's Secret, ${ambassador.tlsSecretName}: remove one of them`
  );
};

const fewBrokers: SettingRule = ({ settings }) => {
  const { environment, kafka } = settings;
  if (!isServing(settings) || kafka.brokers >= 3) return undefined;
  return (
    `algorun:kafka.brokers: found ${kafka.brokers}, expected at least 3 in ${environment}, ` +
    "where every topic has three copies: add brokers, or choose another algorun:environment"
  );
};

const otherNumberOfAddresses: SettingRule = ({ settings: { kafka } }) => {
  if (kafka.mode !== "cluster" || kafka.external === undefined) return undefined;
  const found = kafka.external.addresses.length;
  if (found === kafka.brokers) return undefined;
  return (
    `algorun:kafka.external.addresses: found ${found}, expected one for each of ${kafka.brokers} brokers, ` +
    "since a client must reach the very broker that leads a partition"
  );
};

/** Who administers Kafka; nobody by a password, where IAM decides. */
function administrationOf({ kafka }: Settings): { readonly username: string } | undefined {
  return kafka.mode === "msk" ? undefined : kafka.administration;
}

const kafkaWithoutPassword: SettingRule = ({ settings, secrets }) => {
  const administration = administrationOf(settings);
  // The embedded environment brings an administrator of its own.
  if (administration === undefined || settings.connections !== undefined || secrets.has("kafkaPassword"))
    return undefined;
  return missingSecret(
    "kafkaPassword",
    `the password of ${JSON.stringify(administration.username)}, the user of algorun:kafka.administration`,
  );
};

const passwordWithoutKafka: SettingRule = ({ settings, secrets }) => {
  if (administrationOf(settings) !== undefined || !secrets.has("kafkaPassword")) return undefined;
  return uselessSecret("kafkaPassword", "algorun:kafka.administration names no user");
};

const storageWithoutSecret: SettingRule = ({ settings, secrets }) => {
  const { objectStorage } = settings;
  if (objectStorage.engine !== "external" || secrets.has("objectStorageSecretAccessKey")) return undefined;
  return missingSecret(
    "objectStorageSecretAccessKey",
    `the secret of the key ${JSON.stringify(objectStorage.accessKeyId)}`,
  );
};

const secretWithoutStorage: SettingRule = ({ settings, secrets }) => {
  if (settings.objectStorage.engine === "external" || !secrets.has("objectStorageSecretAccessKey"))
    return undefined;
  return uselessSecret(
    "objectStorageSecretAccessKey",
    `algorun:objectStorage.engine is ${settings.objectStorage.engine}, not external`,
  );
};

const primaryWithoutReplica: SettingRule = ({ settings: { redis } }) => {
  if (redis.mode === "elasticache" || redis.mode === "external") return undefined;
  if (redis.primary === "first" || redis.replicas === 2) return undefined;
  return (
    "algorun:redis.primary: found second, expected first, since redis.replicas is 1: " +
    "let the first take writes before the second goes, since it has what was written last"
  );
};

const twoClusters: SettingRule = ({ settings }) => {
  const { context } = settings.kubernetes;
  if (settings.connections === undefined || context === undefined) return undefined;
  return (
    `algorun:kubernetes.context: found ${JSON.stringify(context)}, expected none beside algorun:connections, ` +
    "which names the embedded cluster: remove one of them"
  );
};

const rules: readonly SettingRule[] = [
  edgeWithoutTls,
  certificateWithoutName,
  issuerWithoutCertificate,
  fewBrokers,
  otherNumberOfAddresses,
  kafkaWithoutPassword,
  passwordWithoutKafka,
  storageWithoutSecret,
  secretWithoutStorage,
  primaryWithoutReplica,
  twoClusters,
  ...managedSystemRules,
  ...platformElsewhereRules,
  ...rotationRules,
];
