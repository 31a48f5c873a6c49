import { execFile } from "node:child_process";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

const statements = `import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
rows = []
for statement in sys.argv[2].split(";"):
    rows = connection.execute(statement).fetchall()
connection.commit()
print("\\n".join("|".join(map(str, row)) for row in rows))
`;

/** A database of SQLite, worked on through Python's library. */
export class SqliteFile {
  constructor(readonly path: string) {}

  /** The last statement's rows. */
  async execute(sql: string): Promise<string> {
    const { stdout } = await run("python3", ["-c", statements, this.path, sql]);
    return stdout.trim();
  }

  /** Does some work while another process has the file open with a transaction begun. */
  async whileWriting(work: () => Promise<unknown>): Promise<void> {
    const script = `import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("begin immediate")
connection.execute("create table half_done (a)")
print("begun", flush=True)
sys.stdin.read()
`;
    const child = execFile("python3", ["-c", script, this.path]);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    await work();
    const end = new Promise((resolve) => child.once("exit", resolve));
    child.stdin?.end();
    await end;
  }

  /** Overwrites the middle. */
  damage(): void {
    const file = openSync(this.path, "r+");
    writeSync(file, Buffer.alloc(8192, 0xff), 0, 8192, Math.floor(statSync(this.path).size / 2));
    closeSync(file);
  }
}
