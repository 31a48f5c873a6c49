import { deepEqual, equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import util from "node:util";

import { AboutRequest, type AboutResponse } from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { version } from "@pulumi/pulumi/version";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { installLanguageHost } from "../../local/toolchain/language-host/install";
import { answer, FakeEngine, Host, Workspace } from "./language-host-harness";

describe("the language host", function () {
  this.timeout(30_000);
  const workspace = new Workspace();
  const engine = new FakeEngine();
  before(async () => {
    await workspace.install();
    await engine.start();
  });
  after(() => {
    engine.stop();
    workspace.remove();
  });

  function commandLine(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(workspace.executable, args, { encoding: "utf8" });
  }

  it("is one executable file, and installing it again leaves nothing beside it", async () => {
    await installLanguageHost(workspace.bin);
    deepEqual(readdirSync(workspace.bin), ["pulumi-language-nodejs"]);
    equal(statSync(workspace.executable).mode & 0o777, 0o755);
  });

  it("says what it is when it is started by hand", () => {
    for (const args of [[], ["--help"]]) {
      const { status, stdout } = commandLine(...args);
      equal(status, 0);
      match(stdout, /runs Node\.js programs and policy packs for Pulumi/);
    }
    deepEqual(commandLine("--version").stdout, `pulumi-language-nodejs ${version}\n`);
  });

  it("refuses what is no engine address, and says what one looks like", () => {
    const wrong = commandLine("engine");
    equal(wrong.status, 2);
    match(wrong.stderr, /Expected an engine address of the form HOST:PORT, found "engine"/);
    const many = commandLine("127.0.0.1:1", "127.0.0.1:2");
    equal(many.status, 2);
    match(many.stderr, /Expected one engine address, found 2/);
  });

  it("answers on the port of its first line with the version of its SDK and of Node", async () => {
    const host = await Host.start(workspace.executable, engine.address);
    const info = await answer<PluginInfo>((done) => host.client.getPluginInfo(new Empty(), done));
    equal(info.getVersion(), version);
    const about = await answer<AboutResponse>((done) => host.client.about(new AboutRequest(), done));
    deepEqual([about.getExecutable(), about.getVersion()], [process.execPath, process.version]);
    await host.stop();
  });

  it("listens on the loopback interface only", async () => {
    const host = await Host.start(workspace.executable, engine.address);
    const port = Number(host.client.getChannel().getTarget().split(":").at(-1));
    const outside = connect({ host: "127.0.0.2", port });
    const [error] = (await once(outside, "error")) as [NodeJS.ErrnoException];
    equal(error.code, "ECONNREFUSED");
    await host.stop();
  });

  it("ends when the engine closes its standard input", async () => {
    const host = await Host.start(workspace.executable, engine.address);
    equal(await host.stop(), 0);
  });

  it("ends when nothing answers at the engine's address any more", async () => {
    const gone = new FakeEngine();
    await gone.start();
    const host = await Host.start(workspace.executable, gone.address);
    gone.stop();
    const [code] = (await once(host.process, "exit")) as [number];
    equal(code, 0);
  });

  it("prints an error of the SDK's sources in a Node that loops when it colours it", () => {
    const program = `
      const error = new Error("broken");
      error.stack = "Error: broken\\n    at f (/app/node_modules/@pulumi/resource.ts:1:2)";
      console.log(require("node:util").inspect(error, { colors: true }), require("node:util").inspect({ a: 1 }, { colors: true }));`;
    const { stdout } = spawnSync(process.execPath, ["-r", workspace.executable, "-e", program], {
      encoding: "utf8",
    });
    equal(
      stdout,
      `Error: broken\n    at f (/app/node_modules/@pulumi/resource.ts:1:2) ${util.inspect({ a: 1 }, { colors: true })}\n`,
    );
  });
});
