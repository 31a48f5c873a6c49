import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { renderMariadbConfig } from "../../components/backend/sql/mariadb-config";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "./free-port";
import { eventually, ProcessGroup } from "./process-group";
import { unprivileged } from "./unprivileged";

const execute = promisify(execFile);

describe("MariaDB with the rendered configuration", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-mariadb-"));
  const socket = join(folder, "socket");
  const programs = new ProcessGroup();
  let port = 0;

  before(async () => {
    const tools = await resolveTools(["mariadb"]);
    port = await freePort();
    const option = join(folder, "algorun.cnf");
    // The container listens everywhere; here nobody else may.
    writeFileSync(
      option,
      renderMariadbConfig({ port, memory: 256 }).replace("bind-address = *", "bind-address = 127.0.0.1"),
    );
    const data = join(folder, "data");
    mkdirSync(data);
    for (const path of [folder, data]) chownSync(path, unprivileged.uid, unprivileged.gid);
    await execute(
      "mariadb-install-db",
      ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"],
      unprivileged,
    );
    const program = programs.start({
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
    await administrate(
      "CREATE DATABASE algorun; CREATE USER algorun@'%' IDENTIFIED BY 'application'; GRANT ALL ON algorun.* TO algorun@'%'",
    );
  });

  after(async () => {
    await programs.stopAll();
    rmSync(folder, { recursive: true });
  });

  it("lets AlgoRun work in its own database over the network", async () => {
    assert.equal(
      await ask("CREATE TABLE runs (id INT); INSERT INTO runs VALUES (7); SELECT id FROM runs"),
      "7",
    );
  });

  it("keeps every letter of every language", async () => {
    assert.equal(
      await ask(
        "CREATE TABLE names (name TEXT); INSERT INTO names VALUES ('søren 渡辺 🙂'); SELECT name FROM names",
      ),
      "søren 渡辺 🙂",
    );
    assert.equal(await ask("SELECT @@character_set_server, @@time_zone"), "utf8mb4\t+00:00");
  });

  it("refuses a wrong password", async () => {
    await assert.rejects(ask("SELECT 1", "wrong"), /Access denied/);
  });

  it("refuses values that don't fit, and files of the client", async () => {
    await ask("CREATE TABLE small (word VARCHAR(3))");
    await assert.rejects(ask("INSERT INTO small VALUES ('longer')"), /Data too long/);
    const file = join(folder, "words");
    writeFileSync(file, "abc\n");
    await assert.rejects(ask(`LOAD DATA LOCAL INFILE '${file}' INTO TABLE small`), /not allowed|disabled/i);
  });

  it("gives half of the memory to InnoDB", async () => {
    assert.equal(await ask("SELECT @@innodb_buffer_pool_size / 1024 / 1024"), "128.00000000");
  });

  async function administrate(sql: string): Promise<void> {
    await execute("mariadb", ["--no-defaults", "-u", "root", `--socket=${socket}`, "-e", sql]);
  }

  async function ask(sql: string, password = "application"): Promise<string> {
    const connection = [
      "--no-defaults",
      "-h",
      "127.0.0.1",
      "-P",
      String(port),
      "-u",
      "algorun",
      `-p${password}`,
    ];
    const settings = ["--default-character-set=utf8mb4", "--local-infile=1", "-N", "-B"];
    const { stdout } = await execute("mariadb", [...connection, ...settings, "-e", sql, "algorun"]);
    return stdout.trim();
  }
});
