import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { renderMariadbConfig } from "../../components/backend/sql/mariadb-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { CertificateFiles } from "./kafka-nodes";
import { freePort } from "./free-port";
import { eventually, type ProcessGroup } from "./process-group";
import { mountSecret, unprivileged } from "./unprivileged";

const execute = promisify(execFile);

/** Password of the user `algorun`. */
export const mariadbPassword = "application";

/** A running MariaDB. */
export interface MariadbServer {
  readonly port: number;
  /** File with the password of the user `algorun`. */
  readonly passwordFile: string;
  /** The answer to statements of the administrator. */
  administrate(sql: string): Promise<void>;
  /** The answer to statements of the user `algorun`. */
  ask(
    sql: string,
    options?: { readonly password?: string; readonly flags?: readonly string[] },
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
  mkdirSync(data);
  for (const path of [folder, data]) chownSync(path, unprivileged.uid, unprivileged.gid);
  const install = [`--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"];
  await execute("mariadb-install-db", ["--no-defaults", ...install], unprivileged);
  const program = group.start({
    command: tools.mariadb.path,
    args: [
      `--defaults-file=${option}`,
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(folder, "pid")}`,
    ],
    env: {},
    log: join(folder, "log"),
    identity: unprivileged,
  });
  await eventually("MariaDB is ready", () => existsSync(socket), { program });
  const administrate: MariadbServer["administrate"] = async (sql) => {
    await execute("mariadb", ["--no-defaults", "-u", "root", `--socket=${socket}`, "-e", sql]);
  };
  await administrate(
    `CREATE DATABASE algorun; CREATE USER algorun@'%' IDENTIFIED BY '${mariadbPassword}'; GRANT ALL ON algorun.* TO algorun@'%'`,
  );
  const ask: MariadbServer["ask"] = async (sql, { password = mariadbPassword, flags = [] } = {}) => {
    const connection = ["--no-defaults", "-h", "127.0.0.1", "-P", String(port), "-u", "algorun"];
    const settings = [`-p${password}`, "--default-character-set=utf8mb4", "--local-infile=1", "-N", "-B"];
    const { stdout } = await execute("mariadb", [...connection, ...settings, ...flags, "-e", sql, "algorun"]);
    return stdout.trim();
  };
  return { port, passwordFile, administrate, ask };
}
