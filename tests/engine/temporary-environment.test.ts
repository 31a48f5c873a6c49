import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { layoutOf } from "../../local/layout";
import { readProcesses } from "../../local/process/managed-process";
import { isAlive } from "../../local/process/process-identity";
import { until } from "../../local/process/until";

const starter = `
  const { startTemporaryEnvironment } = require("./temporary-environment");
  void startTemporaryEnvironment("killed").then(({ folder }) => {
    console.log(folder);
    setInterval(() => undefined, 60_000);
  });
`;

describe("a temporary environment", function () {
  this.timeout(300_000);

  it("ends with whoever has started it, also when that is killed", async () => {
    const args = ["--import", "tsx", "--eval", starter];
    const owner = spawn(process.execPath, args, { cwd: __dirname, stdio: ["ignore", "pipe", "inherit"] });
    let folder = "";
    for await (const line of createInterface(owner.stdout)) {
      folder = line;
      break;
    }
    const processes = readProcesses(layoutOf(join(folder, "local")));
    assert.ok(processes.length >= 6 && processes.every(isAlive));
    owner.kill("SIGKILL");
    assert.ok(await until(() => !existsSync(folder), 60_000));
    assert.deepEqual(processes.filter(isAlive), []);
  });
});
