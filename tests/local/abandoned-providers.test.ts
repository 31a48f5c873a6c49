import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stopEnvironment } from "../../local/environment";
import { processTable } from "../../local/process/process-table";
import { abandonedProviders } from "../../local/stack/abandoned-providers";
import { TemporaryLayout } from "./temporary-layout";

describe("providers that a killed Pulumi left", () => {
  const temporary = new TemporaryLayout();
  const { layout } = temporary;
  const folder = join(layout.pulumiHome, "plugins", "resource-kafka-v1.0.0");
  const program = join(folder, "pulumi-resource-kafka");
  const children: ChildProcess[] = [];

  before(() => {
    mkdirSync(folder, { recursive: true });
    symlinkSync(process.execPath, program);
  });

  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await temporary.remove();
  });

  async function start(path: string): Promise<ChildProcess> {
    const child = spawn(path, ["-e", "console.log(); setInterval(() => undefined, 1000)"]);
    children.push(child);
    await once(child.stdout, "data");
    return child;
  }

  it("are ended with the environment, and nothing else is", async () => {
    const provider = await start(program);
    const stranger = await start(process.execPath);
    const ended = once(provider, "exit");
    await stopEnvironment(layout);
    assert.deepEqual(await ended, [null, "SIGTERM"]);
    assert.equal(stranger.exitCode ?? stranger.signalCode, null);
  });

  it("are told from those of a Pulumi at work, and from those of another environment", () => {
    const engine = { pid: 10, parent: 1, group: 10, command: "/home/me/my tools/pulumi up --yes" };
    const used = { pid: 11, parent: 10, group: 10, command: `${program} 127.0.0.1:1` };
    const foreign = {
      pid: 12,
      parent: 1,
      group: 12,
      command: "/elsewhere/plugins/resource-kafka-v1.0.0/pulumi-resource-kafka",
    };
    const left = { pid: 13, parent: 1, group: 13, command: `${program} 127.0.0.1:2` };
    assert.deepEqual(abandonedProviders(layout, [engine, used, foreign, left]), [left]);
  });

  it("are looked for in a table that has this process and its parent", () => {
    const own = processTable().find(({ pid }) => pid === process.pid);
    assert.equal(own?.parent, process.ppid);
    assert(own.command.includes("mocha"));
  });
});
