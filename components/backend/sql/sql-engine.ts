import type * as pulumi from "@pulumi/pulumi";
import { images, type PinnedImage } from "../../images";
import type { ContainerArgs, VolumeArgs } from "../../workload/pod-args";
import { execProbe, tcpProbe } from "../../workload/probes";
import { firstGeneration, type SecretGeneration } from "../../secret-rotation";
import { renderMariadbConfig } from "./mariadb-config";
import { renderPostgresqlAccess, renderPostgresqlConfig, renderPostgresqlInit } from "./postgresql-config";
import { mariadbRotationScript, postgresqlRole, postgresqlRotationScript } from "./sql-rotation";

/** The databases that can serve. */
export type SqlEngineName = "postgresql" | "mariadb";

/** Where each database answers. */
export const sqlPorts: Readonly<Record<SqlEngineName, number>> = { postgresql: 5432, mariadb: 3306 };

/** Database and user that AlgoRun's own services have. */
export const sqlAccount = { database: "algorun", username: "algorun" };

/** Folder in the container with the passwords as files. */
const credentialsFolder = "/etc/sql/credentials";

/** Folder in the container with the script that sets later passwords. */
const rotationFolder = "/etc/sql/rotation";

/** Folder in the container with the certificate, where there is one. */
const certificatesFolder = "/etc/sql/certificates";

/** What a database needs of its pod. */
export interface SqlEngine {
  readonly image: PinnedImage;
  readonly port: number;
  /** The user of the image's files. */
  readonly userId: number;
  /** Volumes beside the claim `data` and the Secret `credentials`. */
  readonly volumes: Readonly<Record<string, VolumeArgs>>;
  readonly container: Pick<ContainerArgs, "args" | "env" | "mounts" | "probes">;
  /** User that clients log in as. */
  readonly username: string;
  /** Container that sets the passwords before the server starts; undefined while they are the first ones. */
  readonly rotation?: Pick<ContainerArgs, "command" | "args" | "env" | "mounts">;
}

/** What an engine is made from. */
export interface SqlEngineArgs {
  /** Memory of the container, in MiB. */
  readonly memory: number;
  /** Secret with the certificate. @default none: connections are not encrypted */
  readonly tlsSecretName?: pulumi.Input<string> | undefined;
  /** Of the passwords. @default the first */
  readonly generation?: SecretGeneration | undefined;
}

/** What each database needs. */
export function sqlEngine(name: SqlEngineName, args: SqlEngineArgs): SqlEngine {
  const { memory, tlsSecretName, generation = firstGeneration } = args;
  const folder = tlsSecretName === undefined ? undefined : certificatesFolder;
  const make = name === "postgresql" ? postgresql : mariadb;
  const engine = withRotation(name, make(memory, folder, generation), generation);
  if (tlsSecretName === undefined) return engine;
  const certificates = { volume: "certificates", path: certificatesFolder };
  const { volumes, container, rotation } = engine;
  return {
    ...engine,
    volumes: { ...volumes, certificates: { secret: tlsSecretName } },
    container: { ...container, mounts: [...(container.mounts ?? []), certificates] },
    ...(rotation && { rotation: { ...rotation, mounts: [...(rotation.mounts ?? []), certificates] } }),
  };
}

/** Images read passwords only when they make a database; from the second on, something else must set them. */
function withRotation(name: SqlEngineName, engine: SqlEngine, generation: SecretGeneration): SqlEngine {
  if (generation.inUse === 1) return engine;
  const { volumes, container } = engine;
  const script = name === "postgresql" ? postgresqlRotationScript : mariadbRotationScript;
  const { username } = sqlAccount;
  return {
    ...engine,
    volumes: {
      ...volumes,
      rotation: { files: { "rotate.sh": script({ username, generation, credentialsFolder }) } },
    },
    rotation: {
      command: ["sh", `${rotationFolder}/rotate.sh`],
      args: container.args ?? [],
      // PostgreSQL's image says in PGDATA where its data is; MariaDB's knows it from its defaults.
      env: name === "postgresql" ? {} : { DATADIR: "/var/lib/mysql" },
      mounts: [...(container.mounts ?? []), { volume: "rotation", path: rotationFolder }],
    },
  };
}

function postgresql(memory: number, folder: string | undefined, { inUse }: SecretGeneration): SqlEngine {
  const port = sqlPorts.postgresql;
  const socketFolder = "/var/run/postgresql";
  const accessFile = "/etc/postgresql/pg_hba.conf";
  const username = postgresqlRole(sqlAccount.username, inUse);
  const init = renderPostgresqlInit({
    database: sqlAccount.database,
    owner: sqlAccount.username,
    username,
    passwordFile: `${credentialsFolder}/application`,
  });
  return {
    username,
    image: images.postgresql,
    port,
    // It refuses a data folder that belongs to another user, and wants a name for its own in /etc/passwd.
    userId: 999,
    volumes: {
      config: {
        files: {
          "postgresql.conf": renderPostgresqlConfig({
            port,
            socketFolder,
            accessFile,
            memory,
            certificatesFolder: folder,
          }),
          "pg_hba.conf": renderPostgresqlAccess({ tls: folder !== undefined }),
        },
      },
      init: { files: { "account.sql": init } },
      socket: { emptyDir: { sizeLimit: "8Mi" } },
    },
    container: {
      args: ["-c", "config_file=/etc/postgresql/postgresql.conf"],
      env: {
        POSTGRES_PASSWORD_FILE: `${credentialsFolder}/administrator`,
        POSTGRES_INITDB_ARGS: "--data-checksums --auth-local=scram-sha-256 --auth-host=scram-sha-256",
      },
      mounts: [
        // Since version 18 the image keeps each major version's data in a folder of its own below this one.
        { volume: "data", path: "/var/lib/postgresql" },
        { volume: "config", path: "/etc/postgresql" },
        { volume: "init", path: "/docker-entrypoint-initdb.d" },
        { volume: "socket", path: socketFolder },
        { volume: "credentials", path: credentialsFolder },
      ],
      probes: {
        liveness: tcpProbe("sql", { failureThreshold: 6 }),
        readiness: execProbe(["pg_isready", "-h", "127.0.0.1", "-p", String(port)]),
        // The first start makes the database; a start after a crash replays the log.
        startup: execProbe(["pg_isready", "-h", "127.0.0.1", "-p", String(port)], { failureThreshold: 60 }),
      },
    },
  };
}

function mariadb(memory: number, folder: string | undefined): SqlEngine {
  const port = sqlPorts.mariadb;
  const healthy = ["healthcheck.sh", "--connect", "--innodb_initialized"];
  return {
    username: sqlAccount.username,
    image: images.mariadb,
    port,
    userId: 999,
    volumes: {
      config: { files: { "algorun.cnf": renderMariadbConfig({ port, memory, certificatesFolder: folder }) } },
      socket: { emptyDir: { sizeLimit: "8Mi" } },
    },
    container: {
      env: {
        MARIADB_DATABASE: sqlAccount.database,
        MARIADB_USER: sqlAccount.username,
        MARIADB_PASSWORD_FILE: `${credentialsFolder}/application`,
        MARIADB_ROOT_PASSWORD_FILE: `${credentialsFolder}/administrator`,
        MARIADB_ROOT_HOST: "localhost",
      },
      mounts: [
        { volume: "data", path: "/var/lib/mysql" },
        { volume: "config", path: "/etc/mysql/conf.d" },
        { volume: "socket", path: "/run/mysqld" },
        { volume: "credentials", path: credentialsFolder },
      ],
      probes: {
        liveness: tcpProbe("sql", { failureThreshold: 6 }),
        readiness: execProbe(healthy),
        startup: execProbe(healthy, { failureThreshold: 60 }),
      },
    },
  };
}
