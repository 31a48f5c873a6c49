import type { InstanceArgs, ParameterGroupArgs } from "@pulumi/aws/rds";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../../aws/aws-account";
import type { SecretGeneration } from "../../secret-rotation";
import type { Transform } from "../../component";
import { sqlAccount, sqlPorts, type SqlEngineName } from "./sql-engine";

/** What a stack decides about RDS. */
export interface RdsSettings {
  readonly engine: SqlEngineName;
  /** Version as RDS names it; minor versions come by themselves. @default "18" of PostgreSQL, "11.8" of MariaDB */
  readonly engineVersion?: string;
  /** Size of both servers, such as `db.m7g.large`. */
  readonly instanceClass: string;
  /** GiB at the beginning. */
  readonly allocatedStorage: number;
  /** GiB that the storage may grow to by itself. */
  readonly maxAllocatedStorage: number;
  /** Days that the database can be put back to, at least 7. */
  readonly backupRetentionDays: number;
  /** PEM of the region's bundle of RDS' authorities. @default what a client's image has */
  readonly caCertificate?: string;
}

/** Arguments of `RdsSql`. */
export interface RdsSqlArgs extends RdsSettings {
  readonly account: AwsAccount;
  /** Of the password, which RDS takes at once and in place of the one before. @default the first */
  readonly generation?: SecretGeneration;
  /** Whether the database is protected from deletion, and leaves a snapshot. */
  readonly retainData: boolean;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: { readonly instance?: Transform<InstanceArgs> };
}

/** What RDS calls an engine, and how it is told that only TLS is good enough. */
interface RdsEngine {
  readonly name: "postgres" | "mariadb";
  readonly defaultVersion: string;
  readonly forceTls: { readonly name: string; readonly value: string };
  /** Logs that go to CloudWatch. */
  readonly logs: readonly string[];
}

const engines: Readonly<Record<SqlEngineName, RdsEngine>> = {
  postgresql: {
    name: "postgres",
    defaultVersion: "18",
    forceTls: { name: "rds.force_ssl", value: "1" },
    logs: ["postgresql", "upgrade"],
  },
  mariadb: {
    name: "mariadb",
    defaultVersion: "11.8",
    forceTls: { name: "require_secure_transport", value: "1" },
    logs: ["error"],
  },
};

/** Fewest days of backups that make sense: a mistake on Friday is found on Monday. */
export const shortestBackupRetention = 7;

/** The parameters that differ from RDS' own; another family is another group, since the two live side by side. */
export function rdsParameters(args: RdsSqlArgs, identifier: string): ParameterGroupArgs & { name: string } {
  const { name, defaultVersion, forceTls } = engines[args.engine];
  const version = args.engineVersion ?? defaultVersion;
  // PostgreSQL's families go by the first number, MariaDB's by two.
  const family =
    name +
    version
      .split(".")
      .slice(0, name === "postgres" ? 1 : 2)
      .join(".");
  return {
    name: `${identifier}-${family.replaceAll(".", "-")}`,
    family,
    description: `Database ${identifier}`,
    parameters: [{ ...forceTls, applyMethod: "immediate" }],
  };
}

/** What the database stands on. */
export interface RdsFoundation {
  /** Name, unique in the account and region. */
  readonly identifier: string;
  readonly password: pulumi.Input<string>;
  readonly subnetGroup: pulumi.Input<string>;
  readonly parameterGroup: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
}

/**
 * The database itself: two servers in different zones, of which the second takes over by itself.
 *
 * @throws Error for backups that are kept for less than {@link shortestBackupRetention} days
 */
export function rdsInstanceArgs(args: RdsSqlArgs, foundation: RdsFoundation): InstanceArgs {
  const { account, retainData, backupRetentionDays } = args;
  const { name, defaultVersion, logs } = engines[args.engine];
  if (backupRetentionDays < shortestBackupRetention)
    throw new Error(
      `backups: found ${backupRetentionDays} days, expected ${shortestBackupRetention} or more`,
    );
  return {
    identifier: foundation.identifier,
    engine: name,
    engineVersion: args.engineVersion ?? defaultVersion,
    autoMinorVersionUpgrade: true,
    instanceClass: args.instanceClass,
    multiAz: true,
    allocatedStorage: args.allocatedStorage,
    maxAllocatedStorage: args.maxAllocatedStorage,
    storageType: "gp3",
    storageEncrypted: true,
    kmsKeyId: account.keyArn,
    dbName: sqlAccount.database,
    username: sqlAccount.username,
    password: foundation.password,
    port: sqlPorts[args.engine],
    dbSubnetGroupName: foundation.subnetGroup,
    parameterGroupName: foundation.parameterGroup,
    vpcSecurityGroupIds: [foundation.securityGroupId],
    publiclyAccessible: false,
    backupRetentionPeriod: backupRetentionDays,
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: !retainData,
    deletionProtection: retainData,
    skipFinalSnapshot: !retainData,
    ...(retainData && { finalSnapshotIdentifier: `${foundation.identifier}-final` }),
    enabledCloudwatchLogsExports: [...logs],
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: account.keyArn,
    performanceInsightsRetentionPeriod: 7,
  };
}
