import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgresql, type PostgresqlServer } from "./postgresql-server";
import { ProcessGroup } from "./process-group";

describe("PostgreSQL with the rendered configuration", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-postgresql-"));
  const programs = new ProcessGroup();
  let server: PostgresqlServer;

  before(async () => {
    server = await startPostgresql(programs, folder);
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("lets AlgoRun work in its own database, whatever its password is made of", async () => {
    assert.equal(
      await server.query(
        "algorun",
        "algorun",
        "create table runs (id int); insert into runs values (7); select id from runs",
      ),
      "7",
    );
  });

  it("gives AlgoRun no power over the server", async () => {
    assert.equal(
      await server.query(
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
        server.psql("algorun", "algorun", ["-c", "select 1"], { host, password: "wrong" }),
        /password authentication failed/,
      );
    }
  });

  it("keeps passwords as SCRAM secrets and pages with checksums", async () => {
    assert.equal(
      await server.query(
        "postgres",
        "postgres",
        "select count(*) from pg_authid where rolpassword not like 'SCRAM-SHA-256$%'",
      ),
      "0",
    );
    assert.equal(await server.query("postgres", "postgres", "show data_checksums"), "on");
  });
});
