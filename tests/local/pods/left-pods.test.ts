import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { project } from "../../../local/layout";
import { endLeftPods, killPods } from "../../../local/pods/left-pods";
import { ensureProcess, readProcess, readProcesses } from "../../../local/process/managed-process";
import { isAlive } from "../../../local/process/process-identity";
import { processTable } from "../../../local/process/process-table";
import { until } from "../../../local/process/until";
import { TemporaryLayout } from "../temporary-layout";

describe("pods that a command has left behind", function () {
  this.timeout(180_000);
  const temporary = new TemporaryLayout();
  const { layout } = temporary;

  after(() => temporary.remove("pod.here.it-0.main", "pod.here.it-0.side", "broker"));

  const start = (name: string, script: string): Promise<unknown> =>
    ensureProcess(layout, { name, program: "/bin/sh", args: ["-c", script], ports: {} });

  const group = (name: string): number => {
    const first = readProcess(layout, name)?.pid;
    return processTable().filter((entry) => entry.group === first).length;
  };

  it("are ended with all that they started, and nobody else is", async () => {
    await start("pod.here.it-0.main", "sleep 1000 & sleep 1000 & wait");
    await start("broker", "exec sleep 1000");
    assert.ok(await until(() => group("pod.here.it-0.main") === 3, 10_000));
    const pid = readProcess(layout, "pod.here.it-0.main")?.pid;
    assert.deepEqual(await endLeftPods(layout), ["pod.here.it-0.main"]);
    assert.ok(await until(() => processTable().every((entry) => entry.group !== pid), 10_000));
    assert.deepEqual(
      readProcesses(layout).map(({ name }) => name),
      ["broker"],
    );
    assert.deepEqual(await endLeftPods(layout), []);
  });

  it("are ended by `make down`, which counts them", async () => {
    await start("pod.here.it-0.main", "exec sleep 1000");
    await start("pod.here.it-0.side", "exec sleep 1000");
    const command = join(project, "local", "commands", "down.ts");
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", command], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, ALGORUN_LOCAL: layout.directory },
    });
    assert.equal(stdout, "Stopped 2 containers of pods. The state is kept for the next `make up`.\n");
    assert.equal(status, 0);
    assert.equal(readProcess(layout, "pod.here.it-0.main"), undefined);
  });

  it("are killed for who does not want to wait, even if they do not listen", async () => {
    await start("pod.here.it-0.main", "trap '' TERM; while :; do sleep 0.1; done");
    const record = readProcess(layout, "pod.here.it-0.main");
    assert.ok(record);
    killPods(layout);
    assert.ok(await until(() => !isAlive(record), 5_000));
  });
});
