import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeConnections } from "../../local/connections";
import { project } from "../../local/layout";
import { withLock } from "../../local/process/lock";
import { ProcessGroup } from "../software/process-group";
import { smallDisk } from "../software/small-disk";
import { TemporaryLayout } from "./temporary-layout";

describe("commands", function () {
  this.timeout(60_000);
  const temporary = new TemporaryLayout();
  const { layout } = temporary;

  after(() => temporary.remove());

  function command(
    name: string,
    env: NodeJS.ProcessEnv = {},
    wrapper: readonly string[] = [],
  ): SpawnSyncReturns<string> {
    const args = ["--import", "tsx", join(project, "local", "commands", `${name}.ts`)];
    return spawnSync("env", [...wrapper, process.execPath, ...args], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, ALGORUN_LOCAL: layout.directory, ...env },
    });
  }

  it("env asks for `make up` where there is no environment", () => {
    const { status, stdout, stderr } = command("env");
    assert.deepEqual(
      { status, stdout, stderr },
      {
        status: 1,
        stdout: "",
        stderr: "There is no environment yet: run `make up` first.\n",
      },
    );
  });

  it("env prints what a shell reads back unchanged, whatever the path", () => {
    writeConnections(layout, {
      kubernetes: { kubeconfig: layout.kubeconfig, context: "algorun-dev" },
      kafka: { bootstrapServers: ["127.0.0.1:1"], username: "admin", password: "p", caCertificate: "c" },
    });
    const { stdout } = command("env", { PULUMI_CONFIG_PASSPHRASE: "it's $mine" });
    const script = `${stdout}\nprintf '%s\\n' "$KUBECONFIG" "\${PATH%%:*}" "$PULUMI_HOME" "$PULUMI_CONFIG_PASSPHRASE" "$PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"`;
    const shell = spawnSync("bash", ["-euc", script], { encoding: "utf8" });
    const expected = [layout.kubeconfig, layout.bin, layout.pulumiHome, "it's $mine", "true"];
    assert.deepEqual(shell.stdout.trimEnd().split("\n"), expected);
    assert.equal(shell.stderr, "");
  });

  for (const name of ["up", "recover"])
    it(`${name} stops when another is at work`, async () => {
      await withLock(layout, "make up", async () => {
        const { status, stderr } = command(name);
        assert.match(stderr, /^`make up` \(process \d+\) is at work on this environment\..*\n$/);
        assert.equal(status, 1);
        return Promise.resolve();
      });
    });

  it("up says that the disk is full, and what to do", async () => {
    const group = new ProcessGroup();
    try {
      const folder = join(layout.directory, "full");
      const disk = await smallDisk(group, folder, 1);
      const fill = ["sh", "-c", 'cat /dev/zero >"$1"', "sh", join(folder, "filler")];
      if (disk.isReal) spawnSync("env", [...disk.wrapper, ...fill]);
      const wrapper = disk.isReal ? disk.wrapper : ["prlimit", "--fsize=1", "--"];
      const { status, stdout, stderr } = command("up", { ALGORUN_LOCAL: folder }, wrapper);
      assert.match(
        stderr,
        /^There is no space left to write to \((ENOSPC|EFBIG): .+\): make some on the disk of .+\/full, then type the command again, which goes on from here\.\n$/,
      );
      assert.deepEqual({ status, stdout }, { status: 1, stdout: "" });
    } finally {
      await group.stopAll();
    }
  });

  it("status fails while nothing runs", () => {
    const { status, stdout } = command("status");
    assert.match(stdout, /kafka +- +not running/);
    assert.equal(status, 1);
  });

  it("down may be called when nothing runs, and twice", () => {
    for (const time of ["first", "second"]) {
      const { status, stdout } = command("down");
      assert.deepEqual({ status, stdout }, { status: 0, stdout: "Nothing ran.\n" }, time);
    }
  });

  it("clean removes the state, and may be called twice", () => {
    assert.equal(command("clean").status, 0);
    assert.equal(existsSync(layout.directory), false);
    assert.match(command("clean").stdout, /nothing to remove/);
  });
});
