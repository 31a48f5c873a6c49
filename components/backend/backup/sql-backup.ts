import type * as pulumi from "@pulumi/pulumi";
import type { NetworkAddress } from "../../platform-services";
import type { SqlEngineName } from "../sql/sql-engine";
import { scriptsFolder, type BackupSource, type BackupStep } from "./backup-source";
import { mariadbDumpScript, postgresqlDumpScript } from "./dump-scripts";
import { mariadbRestoreScript, postgresqlRestoreScript } from "./restore-scripts";

/** A database as its backup sees it. */
export interface SqlBackupArgs {
  readonly engine: SqlEngineName;
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly database: string;
  /** User that may read and write all of the database. */
  readonly username: string;
  /** Owner of the database, if another. @default username */
  readonly owner?: string;
  /** Name of the Secret with the passwords `application` and `administrator`. */
  readonly credentialsSecret: pulumi.Input<string>;
  readonly address: NetworkAddress;
  /** Full reference of the server's own image, whose dump programs fit it. */
  readonly image: string;
  /** Secret with the certificate's authority as `ca.crt`; undefined: connections are not encrypted. */
  readonly tlsSecretName?: pulumi.Input<string> | undefined;
  /** Size of the database's volume; a dump has as much room. */
  readonly storageSize: string;
}

/** Where the passwords are mounted. */
const credentialsFolder = "/etc/sql/credentials";
/** Where the certificate's authority is mounted. */
const authorityFolder = "/etc/sql/authority";
const authorityFile = `${authorityFolder}/ca.crt`;

/** The dump of a database of PostgreSQL or MariaDB, by the programs that come with the server. */
export function sqlBackupSource(args: SqlBackupArgs): BackupSource {
  const common = { app: args.engine, scratchSize: args.storageSize, egress: [args.address] };
  if (args.engine === "postgresql") {
    const connection = {
      PGHOST: args.host,
      PGPORT: String(args.port),
      ...(args.tlsSecretName !== undefined && { PGSSLMODE: "verify-full", PGSSLROOTCERT: authorityFile }),
    };
    return {
      ...common,
      extension: "pgdump",
      scripts: { "dump.sh": postgresqlDumpScript, "restore.sh": postgresqlRestoreScript },
      dumpsBeforeRestore: false,
      dump: stepOf(args, "dump", "application", {
        ...connection,
        PGDATABASE: args.database,
        PGUSER: args.username,
      }),
      // Making and renaming databases is the administrator's.
      restore: stepOf(args, "restore", "administrator", {
        ...connection,
        PGUSER: "postgres",
        DATABASE_NAME: args.database,
        DATABASE_OWNER: args.owner ?? args.username,
      }),
    };
  }
  const connection = {
    DATABASE_HOST: args.host,
    DATABASE_NAME: args.database,
    DATABASE_PORT: String(args.port),
    DATABASE_TLS:
      args.tlsSecretName === undefined ? "" : `--ssl-verify-server-cert --ssl-ca=${authorityFile}`,
    DATABASE_USER: args.username,
  };
  return {
    ...common,
    extension: "sql.gz",
    scripts: { "dump.sh": mariadbDumpScript, "restore.sh": mariadbRestoreScript },
    dumpsBeforeRestore: true,
    dump: stepOf(args, "dump", "application", connection),
    restore: stepOf(args, "restore", "application", connection),
  };
}

function stepOf(
  { image, credentialsSecret, tlsSecretName }: SqlBackupArgs,
  script: "dump" | "restore",
  user: "application" | "administrator",
  env: Readonly<Record<string, pulumi.Input<string>>>,
): BackupStep {
  return {
    volumes: {
      credentials: { secret: credentialsSecret, items: { application: "application", [user]: user } },
      ...(tlsSecretName !== undefined && {
        authority: { secret: tlsSecretName, items: { "ca.crt": "ca.crt" } },
      }),
    },
    container: {
      image,
      command: ["sh", `${scriptsFolder}/${script}.sh`],
      env: { ...env, CREDENTIAL_FILE: `${credentialsFolder}/${user}` },
      mounts: [
        { volume: "credentials", path: credentialsFolder },
        ...(tlsSecretName === undefined ? [] : [{ volume: "authority", path: authorityFolder }]),
      ],
      resources: "small",
    },
  };
}
