import { missingSecret, uselessSecret, type SettingRule } from "./setting-rule";
import type { Settings } from "./settings-schema";

/** Zones that MSK's brokers are spread over. */
const mskZones = 3;

/** The switches that are set to a system of AWS', as a user finds them. */
function managedSystems({ kafka, objectStorage, sql, redis }: Settings): readonly string[] {
  return [
    ...(kafka.mode === "msk" ? ["kafka.mode is msk"] : []),
    ...(objectStorage.engine === "s3" ? ["objectStorage.engine is s3"] : []),
    ...(sql.mode === "rds" ? ["sql.mode is rds"] : []),
    ...(redis.mode === "elasticache" ? ["redis.mode is elasticache"] : []),
  ];
}

const managedWithoutAws: SettingRule = ({ settings }) => {
  const managed = managedSystems(settings);
  if (settings.aws !== undefined || managed.length === 0) return undefined;
  return (
    `algorun:aws: is missing, expected region, account, VPC and subnets, since ${managed.join(", ")}: ` +
    "docs/configuration.md lists its keys"
  );
};

const mskWithoutZones: SettingRule = ({ settings: { aws, kafka } }) => {
  if (aws === undefined || kafka.mode !== "msk" || aws.subnets.length >= mskZones) return undefined;
  return (
    `algorun:aws.subnets: found ${aws.subnets.length}, expected ${mskZones} in different zones, ` +
    "since kafka.mode is msk: with fewer, the loss of one stops writes"
  );
};

const s3WithoutRoles: SettingRule = ({ settings: { aws, objectStorage } }) => {
  if (aws === undefined || objectStorage.engine !== "s3" || aws.oidcProviderArn !== undefined)
    return undefined;
  return (
    "algorun:aws.oidcProviderArn: is missing, expected the cluster's OIDC provider in IAM, " +
    "since objectStorage.engine is s3, and pods log in there by roles: aws iam list-open-id-connect-providers"
  );
};

const backupsWithoutKeys: SettingRule = ({ settings: { objectStorage, backups } }) => {
  if (objectStorage.engine !== "s3" || !backups.enabled) return undefined;
  return (
    "algorun:backups.enabled: found true, expected false, since objectStorage.engine is s3: " +
    "dumps log in by a key, and S3 here knows roles, so that what is made by hand in Grafana is not dumped; " +
    "RDS makes its own backups"
  );
};

const sqlWithoutPassword: SettingRule = ({ settings: { sql }, secrets }) => {
  if (sql.mode !== "external" || secrets.has("sqlPassword")) return undefined;
  return missingSecret(
    "sqlPassword",
    `the password of ${JSON.stringify(sql.username)}, the user of algorun:sql`,
  );
};

const passwordWithoutSql: SettingRule = ({ settings: { sql }, secrets }) => {
  if (sql.mode === "external" || !secrets.has("sqlPassword")) return undefined;
  return uselessSecret("sqlPassword", "algorun:sql.mode is not external");
};

const redisWithoutPassword: SettingRule = ({ settings: { redis }, secrets }) => {
  if (redis.mode !== "external" || secrets.has("redisPassword")) return undefined;
  return missingSecret("redisPassword", `the password of algorun:redis at ${redis.endpoint}`);
};

const passwordWithoutRedis: SettingRule = ({ settings: { redis }, secrets }) => {
  if (redis.mode === "external" || !secrets.has("redisPassword")) return undefined;
  return uselessSecret("redisPassword", "algorun:redis.mode is not external");
};

/** What systems need that others run: AWS, or whoever it may be. */
export const managedSystemRules: readonly SettingRule[] = [
  managedWithoutAws,
  mskWithoutZones,
  s3WithoutRoles,
  backupsWithoutKeys,
  sqlWithoutPassword,
  passwordWithoutSql,
  redisWithoutPassword,
  passwordWithoutRedis,
];
