import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteBackupSource } from "../../components/backend/backup/sqlite-backup";
import { sqlBackupSource, type SqlBackupArgs } from "../../components/backend/backup/sql-backup";
import { dump, restore, runStep, transfer, type BackupUnderTest } from "./backup-run";
import { startMariadb, type MariadbServer } from "./mariadb-server";
import { startMinio, type MinioServer } from "./minio-server";
import { startPostgresql, type PostgresqlServer } from "./postgresql-server";
import { ProcessGroup } from "./process-group";
import { SqliteFile } from "./sqlite-file";

const bucket = "algorun-backups";
const nobody = { peers: [], ports: [] };

describe("backups, run by the scripts of their pods", function () {
  this.timeout(180_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "algorun-backup-"));
  let storage: MinioServer;

  before(async function () {
    this.timeout(900_000);
    // The databases run as somebody else.
    chmodSync(folder, 0o755);
    storage = await startMinio(group, folderOf("minio"), "127.0.19.1:9000");
    await storage.makeBucket(bucket);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  function folderOf(name: string): string {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  }

  /** Names of the dumps that are marked as complete, oldest first. */
  async function completeDumps(prefix: string): Promise<string[]> {
    const listed = await storage.asUserOf(bucket, "find", `s/${bucket}`, "--name", "*.sha256");
    const names = listed.split("\n").map((name) => name.replace(`s/${bucket}/`, "").replace(/\.sha256$/, ""));
    return names.filter((name) => name.startsWith(`${prefix}/`)).sort();
  }

  describe("of PostgreSQL", () => {
    let server: PostgresqlServer;
    let backup: BackupUnderTest;
    const ids = "select string_agg(id::text, ',' order by id) from runs";

    before(async () => {
      server = await startPostgresql(group, folderOf("postgresql"));
      const source = sqlBackupSource(database("postgresql", server.port));
      backup = underTest("sql", source, { programs: server.programs });
      await server.query("algorun", "algorun", "create table runs (id int); insert into runs values (7)");
    });

    const asAdministrator = (): BackupUnderTest => ({
      ...backup,
      env: { CREDENTIAL_FILE: server.passwordFiles.postgres },
    });
    const asOwner = (): BackupUnderTest => ({
      ...backup,
      env: { CREDENTIAL_FILE: server.passwordFiles.algorun },
    });

    it("brings the data back as they were, belonging to whom they belonged, and keeps what they replaced", async () => {
      await dump(asOwner());
      await server.query("algorun", "algorun", "insert into runs values (8); create table later (id int)");
      const report = await restore(asAdministrator());
      assert.equal(await server.query("algorun", "algorun", ids), "7");
      assert.equal(await server.query("algorun", "algorun", "select to_regclass('later') is null"), "t");
      await server.query("algorun", "algorun", "insert into runs values (9)");
      const owner = "select pg_get_userbyid(datdba), datacl from pg_database where datname = 'algorun'";
      assert.match(await server.query("postgres", "postgres", owner), /^algorun\|\{algorun=CTc\/algorun\}$/);

      const former = /kept as (algorun_before_\d+)/.exec(report)?.[1] ?? "";
      await server.query("postgres", "postgres", `alter database ${former} allow_connections true`);
      assert.equal(await server.query("algorun", former, ids), "7,8");
      await server.query("postgres", "postgres", `drop database ${former}`);
    });

    it("reports a server that can't be read, and leaves the good dumps alone", async () => {
      const before = await completeDumps("sql");
      const wrong = join(folder, "wrong-password");
      writeFileSync(wrong, "wrong");
      await assert.rejects(dump({ ...asOwner(), env: { CREDENTIAL_FILE: wrong } }), /authentication failed/);
      assert.deepEqual(await completeDumps("sql"), before);
    });

    it("takes a torso for no dump, wherever it was cut off", async () => {
      const before = await completeDumps("sql");
      // A program that says that all is well and has written half.
      const torn = folderOf("torn");
      const pgDump = `#!/bin/sh\nset -e\n${server.programs}/pg_dump "$@"\nfor o in "$@"; do f=\${o#--file=}; done\ntruncate -s -40 "$f"\n`;
      writeFileSync(join(torn, "pg_dump"), pgDump, { mode: 0o755 });
      await assert.rejects(
        dump({ ...asOwner(), programs: `${torn}:${server.programs}` }),
        /could not read|unexpected end|invalid|corrupt/i,
      );
      assert.deepEqual(await completeDumps("sql"), before);
    });

    it("restores no dump that was damaged in the storage, and changes nothing", async () => {
      await dump(asOwner());
      const newest = (await completeDumps("sql")).at(-1) ?? "";
      const noise = join(folder, "noise");
      writeFileSync(noise, "not what was written");
      await storage.asUserOf(bucket, "cp", noise, `s/${bucket}/${newest}`);
      await server.query("algorun", "algorun", "insert into runs values (10)");
      await assert.rejects(restore(asAdministrator()), /is damaged: it differs from its checksum/);
      assert.match(await server.query("algorun", "algorun", ids), /10/);
      await storage.asUserOf(bucket, "rm", `s/${bucket}/${newest}`, `s/${bucket}/${newest}.sha256`);
    });

    it("lets clients in again when a restore breaks off, with what they had", async () => {
      await transfer(asAdministrator(), "fetch.sh");
      const file = join(folder, "sql", "work", "dump");
      writeFileSync(file, "PGDMP but no dump");
      await assert.rejects(runStep(asAdministrator(), "restore"), /pg_restore/);
      assert.match(await server.query("algorun", "algorun", ids), /10/);
    });

    it("restores the dump that is named, and names those that are there when it is not", async () => {
      const [oldest = ""] = await completeDumps("sql");
      await restore(asAdministrator(), oldest);
      assert.equal(await server.query("algorun", "algorun", ids), "7");
      await assert.rejects(restore(asAdministrator(), "sql/2000-01-01T00-00-00Z.pgdump"), (error: Error) =>
        error.message.includes(`  ${oldest}`),
      );
    });

    it("keeps as many dumps as it should, the newest", async () => {
      const made: string[] = [];
      for (let count = 0; count < 4; count++) {
        await runStep(asOwner(), "dump");
        const before = await completeDumps("sql");
        const report = await transfer({ ...asOwner(), keep: 3 }, "upload.sh", fakeClock(count));
        made.push(/dumped to (\S+)/.exec(report)?.[1] ?? "");
        const after = await completeDumps("sql");
        assert.equal(after.length, Math.min(before.length + 1, 3));
      }
      assert.deepEqual(await completeDumps("sql"), made.slice(-3));
    });
  });

  describe("of MariaDB", () => {
    let server: MariadbServer;
    let backup: BackupUnderTest;

    before(async () => {
      server = await startMariadb(group, folderOf("mariadb"));
      const source = sqlBackupSource(database("mariadb", server.port));
      backup = underTest("maria", source, { env: { CREDENTIAL_FILE: server.passwordFile } });
      await server.ask("CREATE TABLE runs (id INT, name TEXT); INSERT INTO runs VALUES (7, 'søren 渡辺 🙂')");
      await server.ask("CREATE VIEW last_run AS SELECT MAX(id) AS id FROM runs");
    });

    it("brings the data back as they were, and dumps what they replace", async () => {
      await dump(backup);
      await server.ask("INSERT INTO runs VALUES (8, ''); CREATE TABLE later (id INT)");
      await restore(backup);
      assert.equal(await server.ask("SELECT * FROM runs"), "7\tsøren 渡辺 🙂");
      assert.equal(await server.ask("SELECT id FROM last_run"), "7");
      assert.equal(await server.ask("SHOW TABLES LIKE 'later'"), "");

      const [replaced = ""] = await completeDumps("maria-before-restore");
      await restore(backup, replaced);
      assert.equal(await server.ask("SELECT id FROM last_run"), "8");
    });

    it("takes a dump without its last line for none, and leaves the good ones alone", async () => {
      const before = await completeDumps("maria");
      const torn = folderOf("torn-mariadb");
      const script = `#!/bin/sh\nset -e\nfor o in "$@"; do case "$o" in --result-file=*) f=\${o#--result-file=} ;; esac; done\n/usr/bin/mariadb-dump "$@"\nsed -i '$d' "$f"\n`;
      writeFileSync(join(torn, "mariadb-dump"), script, { mode: 0o755 });
      await assert.rejects(dump({ ...backup, programs: torn }), /incomplete: its last line is missing/);
      assert.deepEqual(await completeDumps("maria"), before);
    });
  });

  describe("of Grafana's SQLite", () => {
    it("copies it while it is written, and puts it back beside what was there", async () => {
      const data = folderOf("grafana");
      const file = new SqliteFile(join(data, "grafana.db"));
      const source = sqliteBackupSource({
        workload: "grafana",
        app: "grafana",
        claim: "data-grafana-0",
        file: "grafana.db",
        image: "example.org/python:1",
        storageSize: "1Gi",
      });
      const backup = underTest("grafana", source, { env: { DATABASE_FILE: file.path } });
      await file.execute("create table user (login text); insert into user values ('admin')");
      await file.whileWriting(() => dump(backup));
      await file.execute("insert into user values ('later')");
      const report = await restore(backup);
      assert.equal(await file.execute("select group_concat(login) from user"), "admin");
      const former = /kept as (\S+)/.exec(report)?.[1] ?? "";
      copyFileSync(join(data, former), join(data, "former.db"));
      const kept = new SqliteFile(join(data, "former.db"));
      assert.equal(await kept.execute("select group_concat(login) from user"), "admin,later");
      assert.ok(!existsSync(`${file.path}.restored`), readdirSync(data).join());
    });

    it("makes no dump of a database that is damaged", async () => {
      const file = new SqliteFile(join(folderOf("damaged"), "grafana.db"));
      await file.execute(
        "create table t (a text); with recursive n(i) as (select 1 union all select i+1 from n where i<2000) insert into t select hex(randomblob(200)) from n",
      );
      file.damage();
      const source = sqliteBackupSource({
        workload: "grafana",
        app: "grafana",
        claim: "data-grafana-0",
        file: "grafana.db",
        image: "example.org/python:1",
        storageSize: "1Gi",
      });
      const backup = underTest("damaged", source, { env: { DATABASE_FILE: file.path } });
      await assert.rejects(dump(backup), /the database is damaged|malformed/);
      assert.deepEqual(await completeDumps("damaged"), []);
    });
  });

  function underTest(
    prefix: string,
    source: BackupUnderTest["source"],
    rest: Partial<BackupUnderTest>,
  ): BackupUnderTest {
    return { source, storage, bucket, prefix, keep: 14, folder: folderOf(prefix), env: {}, ...rest };
  }

  /** A program `date` that says what time it is: names of dumps are seconds, and a test has no time to wait. */
  function fakeClock(count: number): Readonly<Record<string, string>> {
    const programs = folderOf("clock");
    writeFileSync(join(programs, "date"), `#!/bin/sh\necho 2099-01-0${count + 1}T00-00-00Z\n`, {
      mode: 0o755,
    });
    return { PATH: `${programs}:${storage.path}` };
  }
});

function database(engine: SqlBackupArgs["engine"], port: number): SqlBackupArgs {
  return {
    engine,
    host: "127.0.0.1",
    port,
    database: "algorun",
    username: "algorun",
    credentialsSecret: "sql-credentials",
    address: nobody,
    image: "example.org/sql:1",
    storageSize: "1Gi",
  };
}
