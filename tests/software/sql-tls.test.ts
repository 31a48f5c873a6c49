import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlBackupSource } from "../../components/backend/backup/sql-backup";
import type { SqlEngineName } from "../../components/backend/sql/sql-engine";
import { runStep, type BackupUnderTest } from "./backup-run";
import type { CertificateFiles } from "./kafka-nodes";
import { startMariadb } from "./mariadb-server";
import { postgresqlPasswords, startPostgresql } from "./postgresql-server";
import { ProcessGroup } from "./process-group";
import { selfSigned } from "./self-signed";

describe("databases with TLS", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "algorun-sql-tls-"));
  let certificates: CertificateFiles;
  let others: CertificateFiles;

  before(async () => {
    chmodSync(folder, 0o755);
    certificates = await selfSigned(["127.0.0.1"]);
    others = await selfSigned(["127.0.0.1"]);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  function folderOf(name: string): string {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  }

  function fileOf(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }

  /** The dump of a database as its pod runs it, with the authority where it is mounted here. */
  function backupOf(
    engine: SqlEngineName,
    port: number,
    env: Readonly<Record<string, string>>,
  ): BackupUnderTest {
    const source = sqlBackupSource({
      engine,
      host: "127.0.0.1",
      port,
      database: "algorun",
      username: "algorun",
      credentialsSecret: "sql-credentials",
      address: { peers: [], ports: [] },
      image: "example.org/sql:1",
      tlsSecretName: "sql-certificate",
      storageSize: "1Gi",
    });
    const storage = {
      endpoint: "",
      path: process.env["PATH"] ?? "",
      keysOf: () => "",
      makeBucket: async () => Promise.resolve(),
      asUserOf: async () => Promise.resolve(""),
      asUser: async () => Promise.resolve(""),
    };
    return {
      source,
      storage,
      bucket: "",
      prefix: engine,
      keep: 1,
      folder: folderOf(`backup-${engine}`),
      env,
    };
  }

  it("PostgreSQL takes no connection in clear, and shows a certificate that clients can check", async () => {
    const server = await startPostgresql(group, folderOf("postgresql"), certificates);
    const select = ["-At", "-c", "select ssl from pg_stat_ssl where pid = pg_backend_pid()"];
    const ask = async (env: Readonly<Record<string, string>>): Promise<string> =>
      server.psql("algorun", "algorun", select, { password: postgresqlPasswords.algorun, env });
    const root = fileOf("ca.crt", certificates["ca.crt"]);
    assert.equal(await ask({ PGSSLMODE: "verify-full", PGSSLROOTCERT: root }), "t");
    await assert.rejects(ask({ PGSSLMODE: "disable" }), /no encryption/);
    const other = fileOf("other.crt", others["ca.crt"]);
    await assert.rejects(
      ask({ PGSSLMODE: "verify-full", PGSSLROOTCERT: other }),
      /certificate verify failed/,
    );

    const env = { CREDENTIAL_FILE: server.passwordFiles.algorun, PGSSLROOTCERT: root };
    const backup = { ...backupOf("postgresql", server.port, env), programs: server.programs };
    await runStep(backup, "dump");
    await assert.rejects(
      runStep({ ...backup, env: { ...env, PGSSLROOTCERT: other } }, "dump"),
      /certificate verify failed/,
    );
  });

  it("MariaDB takes no connection in clear, and shows a certificate that clients can check", async () => {
    const server = await startMariadb(group, folderOf("mariadb"), certificates);
    const root = fileOf("ca.crt", certificates["ca.crt"]);
    const other = fileOf("other.crt", others["ca.crt"]);
    const verified = (authority: string): { flags: string[] } => ({
      flags: ["--ssl-verify-server-cert", `--ssl-ca=${authority}`],
    });
    assert.match(await server.ask("SHOW STATUS LIKE 'Ssl_cipher'", verified(root)), /^Ssl_cipher\tTLS/);
    await assert.rejects(
      server.ask("SELECT 1", { flags: ["--skip-ssl"] }),
      /insecure transport|Access denied/i,
    );
    await assert.rejects(server.ask("SELECT 1", verified(other)), /certificate|TLS\/SSL error/i);

    const env = {
      CREDENTIAL_FILE: server.passwordFile,
      DATABASE_TLS: `--ssl-verify-server-cert --ssl-ca=${root}`,
    };
    await runStep(backupOf("mariadb", server.port, env), "dump");
  });
});
