import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMariadb, type MariadbServer } from "./mariadb-server";
import { ProcessGroup } from "./process-group";

describe("MariaDB with the rendered configuration", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-mariadb-"));
  const programs = new ProcessGroup();
  let server: MariadbServer;

  before(async () => {
    server = await startMariadb(programs, folder);
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("lets AlgoRun work in its own database over the network", async () => {
    assert.equal(
      await server.ask("CREATE TABLE runs (id INT); INSERT INTO runs VALUES (7); SELECT id FROM runs"),
      "7",
    );
  });

  it("keeps every letter of every language", async () => {
    assert.equal(
      await server.ask(
        "CREATE TABLE names (name TEXT); INSERT INTO names VALUES ('søren 渡辺 🙂'); SELECT name FROM names",
      ),
      "søren 渡辺 🙂",
    );
    assert.equal(await server.ask("SELECT @@character_set_server, @@time_zone"), "utf8mb4\t+00:00");
  });

  it("refuses a wrong password", async () => {
    await assert.rejects(server.ask("SELECT 1", { password: "wrong" }), /Access denied/);
  });

  it("refuses values that don't fit, and files of the client", async () => {
    await server.ask("CREATE TABLE small (word VARCHAR(3))");
    await assert.rejects(server.ask("INSERT INTO small VALUES ('longer')"), /Data too long/);
    const file = join(folder, "words");
    writeFileSync(file, "abc\n");
    await assert.rejects(
      server.ask(`LOAD DATA LOCAL INFILE '${file}' INTO TABLE small`),
      /not allowed|disabled/i,
    );
  });

  it("gives half of the memory to InnoDB", async () => {
    assert.equal(await server.ask("SELECT @@innodb_buffer_pool_size / 1024 / 1024"), "128.00000000");
  });
});
