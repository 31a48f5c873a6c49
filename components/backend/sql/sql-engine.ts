import type * as pulumi from "@pulumi/pulumi";
import { images, type PinnedImage } from "../../images";
import type { ContainerArgs, VolumeArgs } from "../../workload/pod-args";
import { execProbe, tcpProbe } from "../../workload/probes";
import { renderMariadbConfig } from "./mariadb-config";
import { renderPostgresqlAccess, renderPostgresqlConfig, renderPostgresqlInit } from "./postgresql-config";

/** The databases that can serve. */
export type SqlEngineName = "postgresql" | "mariadb";

/** Where each database answers. */
export const sqlPorts: Readonly<Record<SqlEngineName, number>> = { postgresql: 5432, mariadb: 3306 };

/** Database and user that AlgoRun's own services have. */
export const sqlAccount = { database: "algorun", username: "algorun" };

/** Folder in the container with the passwords as files. */
const credentialsFolder = "/etc/sql/credentials";

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
}

/**
 * What each database needs.
 *
 * @param memory - of the container, in MiB
 * @param tlsSecretName - Secret with the certificate; undefined: connections are not encrypted
 */
export function sqlEngine(
  name: SqlEngineName,
  memory: number,
  tlsSecretName?: pulumi.Input<string>,
): SqlEngine {
  const folder = tlsSecretName === undefined ? undefined : certificatesFolder;
  const engine = name === "postgresql" ? postgresql(memory, folder) : mariadb(memory, folder);
  if (tlsSecretName === undefined) return engine;
  const { volumes, container } = engine;
  return {
    ...engine,
    volumes: { ...volumes, certificates: { secret: tlsSecretName } },
    container: {
      ...container,
      mounts: [...(container.mounts ?? []), { volume: "certificates", path: certificatesFolder }],
    },
  };
}

function postgresql(memory: number, folder: string | undefined): SqlEngine {
  const port = sqlPorts.postgresql;
  const socketFolder = "/var/run/postgresql";
  const accessFile = "/etc/postgresql/pg_hba.conf";
  const init = renderPostgresqlInit({ ...sqlAccount, passwordFile: `${credentialsFolder}/application` });
  return {
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
