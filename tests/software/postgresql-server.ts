import { execFile } from "node:child_process";
import { chownSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  renderPostgresqlAccess,
  renderPostgresqlConfig,
  renderPostgresqlInit,
} from "../../components/backend/sql/postgresql-config";
import { sqlAccount } from "../../components/backend/sql/sql-engine";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { CertificateFiles } from "./kafka-nodes";
import { freePort } from "./free-port";
import { eventually, type ProcessGroup, type RunningProgram } from "./process-group";
import { mountSecret, unprivileged } from "./unprivileged";

const execute = promisify(execFile);

/** Passwords of the first users; one of them is hard to quote. */
export const postgresqlPasswords = { postgres: "administrator-password", algorun: "application'password" };

/** How psql is run. */
export interface PsqlOptions {
  readonly host?: string;
  readonly password?: string;
  /** Variables of libpq. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running PostgreSQL. */
export interface PostgresqlServer {
  readonly port: number;
  /** Folder of its programs. */
  readonly programs: string;
  /** Files with the passwords, by user. */
  readonly passwordFiles: Readonly<Record<keyof typeof postgresqlPasswords, string>>;
  /** Runs psql as a user in a database. */
  psql(user: string, database: string, args: readonly string[], options?: PsqlOptions): Promise<string>;
  /** Folder of the data. */
  readonly data: string;
  /** Arguments of the server beside its folder. */
  readonly arguments: readonly string[];
  /** Does something while the server does not run. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** The answer to a statement, bare. */
  query(user: string, database: string, sql: string): Promise<string>;
}

/**
 * Makes and starts a PostgreSQL with the configuration that `Sql` renders.
 *
 * @param folder - an empty one, for everything
 * @param certificates - of the server; undefined: connections are not encrypted
 */
export async function startPostgresql(
  group: ProcessGroup,
  folder: string,
  certificates?: CertificateFiles,
): Promise<PostgresqlServer> {
  const tools = await resolveTools(["postgresql"]);
  const programs = dirname(realpathSync(tools.postgresql.path));
  const port = await freePort();
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const tls = certificates !== undefined;
  const certificatesFolder = tls ? mountSecret(join(folder, "certificates"), { ...certificates }) : undefined;
  const accessFile = file("pg_hba.conf", renderPostgresqlAccess({ tls }));
  const settings = { port, socketFolder: folder, accessFile, memory: 256, certificatesFolder };
  const config = renderPostgresqlConfig(settings);
  // The container listens everywhere; here nobody else may.
  const configFile = file("postgresql.conf", config.replace("'*'", "'127.0.0.1'"));
  const passwordFiles = {
    postgres: file("administrator", postgresqlPasswords.postgres),
    algorun: file("application", postgresqlPasswords.algorun),
  };
  const init = file(
    "account.sql",
    renderPostgresqlInit({ ...sqlAccount, passwordFile: passwordFiles.algorun }),
  );
  const data = join(folder, "data");
  mkdirSync(data);
  for (const path of [folder, data]) chownSync(path, unprivileged.uid, unprivileged.gid);
  const initdb = ["-D", data, "-U", "postgres", "--pwfile", passwordFiles.postgres, "--data-checksums"];
  await execute(join(programs, "initdb"), [...initdb, "--auth=scram-sha-256"], unprivileged);
  const serverArguments = ["-c", `config_file=${configFile}`];
  const run = (): RunningProgram =>
    group.start({
      command: join(programs, "postgres"),
      args: ["-D", data, ...serverArguments],
      env: {},
      log: join(folder, "log"),
      identity: unprivileged,
    });
  let program = run();
  const psql: PostgresqlServer["psql"] = async (user, database, args, options = {}) => {
    const { host = "127.0.0.1" } = options;
    const password =
      options.password ?? Object.entries(postgresqlPasswords).find(([name]) => name === user)?.[1];
    const connection = ["-X", "-h", host, "-p", String(port), "-U", user, "-d", database];
    const env = { ...process.env, ...options.env, PGPASSWORD: password };
    const { stdout } = await execute(join(programs, "psql"), [...connection, ...args], { env });
    return stdout.trim();
  };
  const ready = async (): Promise<boolean> =>
    execute(join(programs, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)]).then(
      () => true,
      () => false,
    );
  await eventually("PostgreSQL is ready", ready, { program });
  // As the image does it: by the socket.
  await psql("postgres", "postgres", ["-v", "ON_ERROR_STOP=1", "-f", init], { host: folder });
  const query: PostgresqlServer["query"] = (user, database, sql) =>
    psql(user, database, ["-At", "-q", "-c", sql]);
  const restart: PostgresqlServer["restart"] = async (meanwhile) => {
    await program.stop("SIGINT");
    await meanwhile();
    program = run();
    await eventually("PostgreSQL is ready again", ready, { program });
  };
  return { port, programs, passwordFiles, data, arguments: serverArguments, restart, psql, query };
}
