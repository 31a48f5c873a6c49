import { execFile } from "node:child_process";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { renderMariadbConfig } from "../../components/backend/sql/mariadb-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { CertificateFiles } from "./kafka-nodes";
import { freePort } from "./free-port";
import { eventually, type ProcessGroup, type RunningProgram } from "./process-group";
import { mountSecret, unprivileged } from "./unprivileged";

const execute = promisify(execFile);

/** Password of the user `algorun`. */
export const mariadbPassword = "application";

/** A running MariaDB. */
export interface MariadbServer {
  readonly port: number;
  /** File with the password of the user `algorun`. */
  readonly passwordFile: string;
  /** The server's program. */
  readonly command: string;
  /** Folder of the data. */
  readonly data: string;
  /** Arguments of the server beside its folder. */
  readonly arguments: readonly string[];
  /** Does something while the server does not run. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** The answer to statements of the administrator. */
  administrate(sql: string, password?: string): Promise<void>;
  /** The answer to statements of the user `algorun`. */
  ask(
    sql: string,
    options?: { readonly user?: string; readonly password?: string; readonly flags?: readonly string[] },
  ): Promise<string>;
}

/**
 * Makes and starts a MariaDB with the configuration that `Sql` renders.
 *
 * @param folder - an empty one, for everything
 * @param certificates - of the server; undefined: connections are not encrypted
 */
export async function startMariadb(
  group: ProcessGroup,
  folder: string,
  certificates?: CertificateFiles,
): Promise<MariadbServer> {
  const tools = await resolveTools(["mariadb"]);
  const port = await freePort();
  const socket = join(folder, "socket");
  const option = join(folder, "algorun.cnf");
  // The container listens everywhere; here nobody else may.
  const certificatesFolder = certificates && mountSecret(join(folder, "certificates"), { ...certificates });
  const config = renderMariadbConfig({ port, memory: 256, certificatesFolder });
  writeFileSync(option, config.replace("bind-address = *", "bind-address = 127.0.0.1"));
  const passwordFile = join(folder, "application");
  writeFileSync(passwordFile, mariadbPassword);
  const data = join(folder, "data");
  // A server that starts removes what it takes for its own leftovers, also those of another that runs.
  const temporary = join(folder, "temporary");
  for (const path of [data, temporary]) mkdirSync(path);
  for (const path of [folder, data, temporary]) chownSync(path, unprivileged.uid, unprivileged.gid);
  const install = [
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ];
  await execute("mariadb-install-db", ["--no-defaults", ...install], unprivileged);
  const serverArguments = [
    `--defaults-file=${option}`,
    `--socket=${socket}`,
    `--pid-file=${join(folder, "pid")}`,
    `--tmpdir=${temporary}`,
  ];
  const run = (): RunningProgram =>
    group.start({
      command: tools.mariadb.path,
      args: [...serverArguments, `--datadir=${data}`],
      env: {},
      log: join(folder, "log"),
      identity: unprivileged,
    });
  // The socket is there before the server is ready, and a signal in between is lost. Whoever asks, even without a login,
  // is told that it is alive once it serves.
  const isReady = (): Promise<boolean> =>
    execute("mariadb-admin", ["--no-defaults", `--socket=${socket}`, "ping"]).then(
      () => true,
      () => false,
    );
  let program = run();
  await eventually("MariaDB is ready", isReady, { program });
  const administrate: MariadbServer["administrate"] = async (sql, password = "") => {
    const login = ["--no-defaults", "-u", "root", `--password=${password}`, `--socket=${socket}`];
    await execute("mariadb", [...login, "-e", sql]);
  };
  await administrate(
    `CREATE DATABASE algorun; CREATE USER algorun@'%' IDENTIFIED BY '${mariadbPassword}'; GRANT ALL ON algorun.* TO algorun@'%'`,
  );
  const ask: MariadbServer["ask"] = async (
    sql,
    { user = "algorun", password = mariadbPassword, flags = [] } = {},
  ) => {
    const connection = ["--no-defaults", "-h", "127.0.0.1", "-P", String(port), "-u", user];
    const settings = [
      `--password=${password}`,
      "--default-character-set=utf8mb4",
      "--local-infile=1",
      "-N",
      "-B",
    ];
    const { stdout } = await execute("mariadb", [...connection, ...settings, ...flags, "-e", sql, "algorun"]);
    return stdout.trim();
  };
  const restart: MariadbServer["restart"] = async (meanwhile) => {
    await program.stop("SIGTERM");
    await meanwhile();
    program = run();
    await eventually("MariaDB is ready again", isReady, { program });
  };
  const command = tools.mariadb.path;
  return { port, passwordFile, command, data, arguments: serverArguments, restart, administrate, ask };
}
