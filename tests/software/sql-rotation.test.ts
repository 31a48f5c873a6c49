import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { sqlAccount } from "../../components/backend/sql/sql-engine";
import {
  mariadbRotationScript,
  postgresqlRotationScript,
  type SqlRotation,
} from "../../components/backend/sql/sql-rotation";
import type { SecretGeneration } from "../../components/secret-rotation";
import { mariadbPassword, startMariadb, type MariadbServer } from "./mariadb-server";
import { postgresqlPasswords, startPostgresql, type PostgresqlServer } from "./postgresql-server";
import { ProcessGroup } from "./process-group";
import { mountSecret, unprivileged } from "./unprivileged";

const execute = promisify(execFile);

/** Passwords of a generation; they are hard to quote. */
const application = (generation: number): string => `app'${generation} %s "$x`;
const administrator = (generation: number): string => `adm'${generation} %s`;

/** The first password is the one that the server was made with. */
function previousApplication({ previous = 0 }: SecretGeneration): string {
  return previous === 1 ? mariadbPassword : application(previous);
}

/** Runs a script as the container does that runs before the server. */
async function runScript(
  folder: string,
  render: (rotation: SqlRotation) => string,
  generation: SecretGeneration,
  run: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const { inUse } = generation;
  const credentialsFolder = mountSecret(join(folder, `credentials-${inUse}-${generation.previous ?? 0}`), {
    application: application(inUse),
    "application-previous": previousApplication(generation),
    administrator: administrator(inUse),
  });
  const script = join(folder, "rotate.sh");
  writeFileSync(script, render({ ...sqlAccount, generation, credentialsFolder }));
  const { stdout, stderr } = await execute("sh", [script, ...run.args], { env: run.env, ...unprivileged });
  return stdout + stderr;
}

describe("rotation of PostgreSQL's passwords", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-postgresql-"));
  const programs = new ProcessGroup();
  let server: PostgresqlServer;

  before(async () => {
    server = await startPostgresql(programs, folder);
    await server.query("algorun", "algorun", "create table runs (id int); insert into runs values (7)");
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  const rotate = async (generation: SecretGeneration): Promise<void> => {
    const env = { PATH: `${server.programs}:${process.env["PATH"] ?? ""}`, PGDATA: server.data };
    await server.restart(async () => {
      assert.equal(
        await runScript(folder, postgresqlRotationScript, generation, { args: server.arguments, env }),
        "",
      );
    });
  };
  const ask = (user: string, password: string, sql: string): Promise<string> =>
    server.psql(user, "algorun", ["-At", "-q", "-c", sql], { password });

  it("lets the old user and the new one work on the same tables", async () => {
    await rotate({ inUse: 2, previous: 1 });
    assert.equal(await ask("algorun_2", application(2), "select id from runs"), "7");
    await ask("algorun_2", application(2), "create table later (id int); insert into runs values (8)");
    const before = postgresqlPasswords.algorun;
    assert.equal(
      await ask("algorun", before, "insert into later values (1); select count(*) from runs"),
      "2",
    );
    assert.equal(await ask("algorun", before, "drop table later; select 1"), "1");
  });

  it("gives the superuser the new password, and takes the old one away", async () => {
    assert.equal(await ask("postgres", administrator(2), "select 1"), "1");
    await assert.rejects(ask("postgres", postgresqlPasswords.postgres, "select 1"), /authentication failed/);
  });

  it("gives the new user no more power than the old one", async () => {
    const powers =
      "select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = 'algorun_2'";
    assert.equal(await ask("algorun_2", application(2), powers), "f");
  });

  it("refuses a user that is retired, and keeps what it has made", async () => {
    await rotate({ inUse: 2 });
    await assert.rejects(ask("algorun", postgresqlPasswords.algorun, "select 1"), /not permitted to log in/);
    assert.equal(await ask("algorun_2", application(2), "select count(*) from runs"), "2");
  });

  it("goes on to a third generation, and tolerates being run again", async () => {
    await rotate({ inUse: 3, previous: 2 });
    await rotate({ inUse: 3, previous: 2 });
    assert.equal(await ask("algorun_2", application(2), "select count(*) from runs"), "2");
    await ask("algorun_3", application(3), "insert into runs values (9)");
    await rotate({ inUse: 3 });
    await assert.rejects(ask("algorun_2", application(2), "select 1"), /not permitted to log in/);
    assert.equal(await ask("algorun_3", application(3), "select count(*) from runs"), "3");
  });

  it("does not let the server start when a password could not be set, and tells no password", async () => {
    const env = { PATH: `${server.programs}:${process.env["PATH"] ?? ""}`, PGDATA: server.data };
    const broken = (rotation: SqlRotation): string =>
      postgresqlRotationScript(rotation).replaceAll("ALTER ROLE postgres", "ALTER ROLE nobody_there");
    await server.restart(async () => {
      const run = runScript(folder, broken, { inUse: 3 }, { args: server.arguments, env });
      await assert.rejects(run, (error: Error) => {
        assert.match(error.message, /role "nobody_there" does not exist/);
        assert.match(error.message, /the passwords were not set/);
        assert.doesNotMatch(error.message, /adm'|app'/);
        return true;
      });
    });
  });

  it("has nothing to do in an empty volume", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const run = { args: [], env: { PATH: process.env["PATH"] ?? "", PGDATA: empty } };
    assert.match(await runScript(folder, postgresqlRotationScript, { inUse: 3 }, run), /empty volume/);
  });
});

describe("rotation of MariaDB's passwords", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-mariadb-"));
  const programs = new ProcessGroup();
  let server: MariadbServer;

  before(async () => {
    server = await startMariadb(programs, folder);
    await server.ask(
      "create table runs (id int); insert into runs values (7); create view seen as select id from runs",
    );
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  const rotate = async (generation: SecretGeneration): Promise<void> => {
    const env = { PATH: `${dirname(server.command)}:${process.env["PATH"] ?? ""}`, DATADIR: server.data };
    await server.restart(async () => {
      assert.equal(
        await runScript(folder, mariadbRotationScript, generation, { args: server.arguments, env }),
        "",
      );
    });
  };
  const count = (password: string): Promise<string> => server.ask("select count(*) from seen", { password });

  it("lets the old password and the new one in", async () => {
    await rotate({ inUse: 2, previous: 1 });
    assert.equal(await count(application(2)), "1");
    await server.ask("insert into runs values (8)", { password: application(2) });
    assert.equal(await count(mariadbPassword), "2");
    await assert.rejects(count("wrong"), /Access denied/);
    await assert.rejects(count(""), /Access denied/);
  });

  it("gives root the new password, and takes the old one away", async () => {
    await server.administrate("select 1", administrator(2));
    await assert.rejects(server.administrate("select 1"), /Access denied/);
  });

  it("refuses a password that is retired, and keeps what runs in the user's name", async () => {
    await rotate({ inUse: 2 });
    await assert.rejects(count(mariadbPassword), /Access denied/);
    assert.equal(await count(application(2)), "2");
  });

  it("goes on to a third generation, and tolerates being run again", async () => {
    await rotate({ inUse: 3, previous: 2 });
    await rotate({ inUse: 3, previous: 2 });
    for (const generation of [2, 3]) assert.equal(await count(application(generation)), "2");
  });

  it("does not let the server start when a password could not be set, and tells no password", async () => {
    const env = { PATH: `${dirname(server.command)}:${process.env["PATH"] ?? ""}`, DATADIR: server.data };
    const broken = (rotation: SqlRotation): string =>
      mariadbRotationScript(rotation).replaceAll("root@localhost", "nobody@there");
    await server.restart(async () => {
      const run = runScript(folder, broken, { inUse: 3 }, { args: server.arguments, env });
      await assert.rejects(run, (error: Error) => {
        assert.match(error.message, /ALTER USER failed/);
        assert.match(error.message, /the passwords were not set/);
        assert.doesNotMatch(error.message, /adm'|app'/);
        return true;
      });
    });
  });

  it("has nothing to do in an empty volume", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const run = { args: [], env: { PATH: process.env["PATH"] ?? "", DATADIR: empty } };
    assert.match(await runScript(folder, mariadbRotationScript, { inUse: 3 }, run), /empty volume/);
  });
});
