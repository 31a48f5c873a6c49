import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ensureProcess,
  logPath,
  readProcess,
  stopProcess,
  type ProcessSpec,
} from "../../local/process/managed-process";
import { identify, isAlive } from "../../local/process/process-identity";
import { awaitReady } from "../../local/process/readiness";
import { until } from "../../local/process/until";
import { TemporaryLayout } from "./temporary-layout";

describe("a managed process", () => {
  const temporary = new TemporaryLayout();
  const { layout } = temporary;
  const settings = join(layout.directory, "settings");
  const sleeper: ProcessSpec = {
    name: "sleeper",
    program: process.execPath,
    args: [
      "-e",
      "console.log('awake', process.argv[1]); setInterval(() => undefined, 1000)",
      "an 'odd' $argument",
    ],
    inputs: [settings],
    ports: {},
  };

  before(() => {
    writeFileSync(settings, "1");
  });

  after(() => temporary.remove("sleeper", "failure"));

  function pid(): number {
    const record = readProcess(layout, "sleeper");
    assert(record);
    return record.pid;
  }

  it("runs on when it is asked for again", async () => {
    assert.equal(await ensureProcess(layout, sleeper), "started");
    const first = pid();
    assert.equal(await ensureProcess(layout, sleeper), "kept");
    assert.equal(pid(), first);
    assert(
      await until(
        () => readFileSync(logPath(layout, "sleeper"), "utf8") === "awake an 'odd' $argument\n",
        5000,
      ),
    );
  });

  it("is restarted when one of its files has changed", async () => {
    const first = identify(pid());
    assert(first);
    writeFileSync(settings, "2");
    assert.equal(await ensureProcess(layout, sleeper), "restarted");
    assert.equal(isAlive(first), false);
    assert.notEqual(pid(), first.pid);
  });

  it("is started anew after it was killed", async () => {
    const first = identify(pid());
    assert(first);
    process.kill(first.pid, "SIGKILL");
    assert(await until(() => !isAlive(first), 5000));
    assert.equal(await ensureProcess(layout, sleeper), "started");
  });

  it("is not mistaken for a later one with the same id, which stays alone", async () => {
    await stopProcess(layout, "sleeper");
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    try {
      assert(stranger.pid);
      const record = {
        pid: stranger.pid,
        startTime: "another boot/1",
        fingerprint: "",
        startedAt: "",
        ports: {},
      };
      writeFileSync(join(layout.processes, "sleeper.json"), JSON.stringify(record));
      assert.equal(await stopProcess(layout, "sleeper"), false);
      assert.equal(stranger.exitCode, null);
      assert.equal(stranger.signalCode, null);
      assert(identify(stranger.pid));
    } finally {
      stranger.kill("SIGKILL");
      await once(stranger, "exit");
    }
  });

  it("leaves nothing behind when it is stopped, and can be stopped twice", async () => {
    await ensureProcess(layout, sleeper);
    const running = identify(pid());
    assert(running);
    assert.equal(await stopProcess(layout, "sleeper"), true);
    assert.equal(isAlive(running), false);
    assert.equal(await stopProcess(layout, "sleeper"), false);
  });

  it("that ends at once is reported with the end of its log", async () => {
    const args = ["-e", "console.error('no such disk'); process.exit(1)"];
    await ensureProcess(layout, { name: "failure", program: process.execPath, args, ports: {} });
    await assert.rejects(
      awaitReady(layout, "failure", () => Promise.resolve(false)),
      /failure ended while it was starting.*\n.*no such disk/,
    );
  });
});
