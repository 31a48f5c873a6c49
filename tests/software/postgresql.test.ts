import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  renderPostgresqlAccess,
  renderPostgresqlConfig,
  renderPostgresqlInit,
} from "../../components/backend/sql/postgresql-config";
import { sqlAccount } from "../../components/backend/sql/sql-engine";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup } from "./process-group";
import { unprivileged } from "./unprivileged";

const execute = promisify(execFile);

describe("PostgreSQL with the rendered configuration", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-postgresql-"));
  const programs = new ProcessGroup();
  const passwords = { postgres: "administrator-password", algorun: "application'password" };
  let programsFolder = "";
  let port = 0;

  before(async () => {
    const tools = await resolveTools(["postgresql"]);
    programsFolder = dirname(realpathSync(tools.postgresql.path));
    port = await freePort();
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const accessFile = file("pg_hba.conf", renderPostgresqlAccess());
    const config = renderPostgresqlConfig({ port, socketFolder: folder, accessFile, memory: 256 });
    // The container listens everywhere; here nobody else may.
    const configFile = file("postgresql.conf", config.replace("'*'", "'127.0.0.1'"));
    const administrator = file("administrator", passwords.postgres);
    const passwordFile = file("application", passwords.algorun);
    const init = file("account.sql", renderPostgresqlInit({ ...sqlAccount, passwordFile }));
    const data = join(folder, "data");
    mkdirSync(data);
    for (const path of [folder, data]) chownSync(path, unprivileged.uid, unprivileged.gid);
    const initdb = ["-D", data, "-U", "postgres", "--pwfile", administrator, "--data-checksums"];
    await execute(join(programsFolder, "initdb"), [...initdb, "--auth=scram-sha-256"], unprivileged);
    const program = programs.start({
      command: join(programsFolder, "postgres"),
      args: ["-D", data, "-c", `config_file=${configFile}`],
      env: {},
      log: join(folder, "log"),
      identity: unprivileged,
    });
    await eventually(
      "PostgreSQL is ready",
      async () =>
        execute(join(programsFolder, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)]).then(
          () => true,
          () => false,
        ),
      { program },
    );
    await psql("postgres", "postgres", ["-v", "ON_ERROR_STOP=1", "-f", init]);
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("lets AlgoRun work in its own database, whatever its password is made of", async () => {
    assert.equal(
      await query(
        "algorun",
        "algorun",
        "create table runs (id int); insert into runs values (7); select id from runs",
      ),
      "7",
    );
  });

  it("gives AlgoRun no power over the server", async () => {
    assert.equal(
      await query(
        "algorun",
        "algorun",
        "select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user",
      ),
      "f",
    );
  });

  it("refuses a wrong password, by network and by socket", async () => {
    for (const host of ["127.0.0.1", folder]) {
      await assert.rejects(
        psql("algorun", "algorun", ["-c", "select 1"], { host, password: "wrong" }),
        /password authentication failed/,
      );
    }
  });

  it("keeps passwords as SCRAM secrets and pages with checksums", async () => {
    assert.equal(
      await query(
        "postgres",
        "postgres",
        "select count(*) from pg_authid where rolpassword not like 'SCRAM-SHA-256$%'",
      ),
      "0",
    );
    assert.equal(await query("postgres", "postgres", "show data_checksums"), "on");
  });

  async function query(user: keyof typeof passwords, database: string, sql: string): Promise<string> {
    return psql(user, database, ["-At", "-q", "-c", sql]);
  }

  async function psql(
    user: keyof typeof passwords,
    database: string,
    args: readonly string[],
    { host = "127.0.0.1", password = passwords[user] } = {},
  ): Promise<string> {
    const connection = ["-X", "-h", host, "-p", String(port), "-U", user, "-d", database];
    const env = { ...process.env, PGPASSWORD: password };
    const { stdout } = await execute(join(programsFolder, "psql"), [...connection, ...args], { env });
    return stdout.trim();
  }
});
