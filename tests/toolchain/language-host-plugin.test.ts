import { deepEqual, equal, match, rejects } from "node:assert/strict";

import { type ClientReadableStream, credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerHandshakeRequest,
  type AnalyzerHandshakeResponse,
  type AnalyzerInfo,
  AnalyzeRequest,
  AnalyzerResourceOptions,
  AnalyzerStackConfigureRequest,
  type AnalyzerStackConfigureResponse,
  type AnalyzeResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { answer, FakeEngine, Host, isRunning, programInfo, until, Workspace } from "./language-host-harness";

const packManifest = JSON.stringify({ name: "pack", version: "1.2.3", main: "main.js" });
const policy = `
  const pulumi = require("@pulumi/pulumi");
  const { PolicyPack } = require("@pulumi/policy");
  console.log("process " + process.pid);
  console.log("stack " + pulumi.getStack() + " topic " + new pulumi.Config("shop").get("topic"));
  new PolicyPack("rules", { policies: [{
    name: "short", description: "names are short", enforcementLevel: "mandatory",
    validateResource: (args, report) => { if (args.name.length > 5) report(args.name + " is too long"); },
  }] });`;

/** A plugin that the host runs, with all that it has printed. */
class Plugin {
  output = "";
  errors = "";
  exitCode: number | undefined;
  readonly ended: Promise<void>;
  private listeners: (() => void)[] = [];

  constructor(readonly call: ClientReadableStream<RunPluginResponse>) {
    call.on("data", (message: RunPluginResponse) => {
      this.output += Buffer.from(message.getStdout_asU8()).toString();
      this.errors += Buffer.from(message.getStderr_asU8()).toString();
      if (message.hasExitcode()) this.exitCode = message.getExitcode();
      for (const listener of this.listeners) listener();
    });
    this.ended = new Promise((resolve) => {
      call.once("end", resolve).once("error", () => {
        resolve();
      });
    });
  }

  /** Waits until as many lines have been printed, and gives the last of them. */
  async line(count: number): Promise<string> {
    return await new Promise((resolve) => {
      const look = (): void => {
        const lines = this.output.split("\n");
        if (lines.length > count) resolve(lines[count - 1] ?? "");
      };
      this.listeners.push(look);
      look();
    });
  }
}

describe("the language host runs plugins", function () {
  this.timeout(60_000);
  const workspace = new Workspace();
  const engine = new FakeEngine();
  let host: Host;
  before(async () => {
    await workspace.install();
    await engine.start();
    host = await Host.start(workspace.executable, engine.address);
  });
  after(async () => {
    await host.stop();
    engine.stop();
    workspace.remove();
  });

  function run(kind: string, directory: string, request = new RunPluginRequest()): Plugin {
    const path = process.env.PATH ?? "";
    return new Plugin(
      host.client.runPlugin(
        request
          .setKind(kind)
          .setInfo(programInfo(directory, { typescript: false }))
          .setPwd(request.getPwd() || directory)
          .setArgsList([engine.address])
          .setEnvList([`PATH=${path}`, "GREETING=first", "GREETING=a=b"]),
      ),
    );
  }

  async function analyzer(pack: Plugin): Promise<AnalyzerClient> {
    return new AnalyzerClient(`127.0.0.1:${await pack.line(1)}`, credentials.createInsecure());
  }

  async function configure(client: AnalyzerClient): Promise<void> {
    const stack = new AnalyzerStackConfigureRequest()
      .setProject("shop")
      .setStack("dev")
      .setOrganization("us");
    stack.getConfigMap().set("shop:topic", "orders");
    await answer<AnalyzerStackConfigureResponse>((done) => client.configureStack(stack, done));
  }

  it("a policy pack, which knows its stack and judges resources", async () => {
    const pack = run(
      "analyzer",
      workspace.folder({ files: { "package.json": packManifest, "main.js": policy } }),
    );
    const client = await analyzer(pack);
    await answer<AnalyzerHandshakeResponse>((done) => client.handshake(new AnalyzerHandshakeRequest(), done));
    await configure(client);
    const pid = Number((await pack.line(2)).replace("process ", ""));
    equal(await pack.line(3), "stack dev topic orders");
    const info = await answer<AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
    deepEqual([info.getName(), info.getVersion()], ["rules", "1.2.3"]);
    const verdict = async (name: string, padding: string): Promise<readonly string[]> => {
      const request = new AnalyzeRequest()
        .setType("kubernetes:core/v1:Secret")
        .setUrn(`urn:pulumi:dev::shop::kubernetes:core/v1:Secret::${name}`)
        .setName(name)
        .setOptions(new AnalyzerResourceOptions())
        .setProperties(Struct.fromJavaScript({ padding }));
      const response = await answer<AnalyzeResponse>((done) => client.analyze(request, done));
      return response.getDiagnosticsList().map((diagnostic) => diagnostic.getMessage());
    };
    deepEqual(await verdict("api", ""), []);
    match((await verdict("gateway", "")).join(), /gateway is too long/);
    // More than the four megabytes that gRPC passes on by default.
    match((await verdict("gateway", "x".repeat(6_000_000))).join(), /gateway is too long/);

    pack.call.cancel();
    await until(() => !isRunning(pid));
    client.close();
  });

  it("a policy pack without a stack, as when it is published", async () => {
    const pack = run(
      "analyzer",
      workspace.folder({ files: { "package.json": packManifest, "main.js": policy } }),
    );
    const client = await analyzer(pack);
    await answer<AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
    match(await pack.line(3), /^stack .* topic undefined$/);
    pack.call.cancel();
    await pack.ended;
    client.close();
  });

  it("a policy pack that fails, and says so where the engine waits for it", async () => {
    const main = `throw new Error("no rules today");`;
    const pack = run(
      "analyzer",
      workspace.folder({ files: { "package.json": packManifest, "main.js": main } }),
    );
    const client = await analyzer(pack);
    await rejects(configure(client), /The policy pack in .* ended with exit code \d+ before it was ready/);
    await pack.ended;
    match(pack.errors, /no rules today/);
    match(String(pack.exitCode), /^[1-9]\d*$/);
    client.close();
  });

  it("no policy pack without an SDK, in the words that the engine looks for", async () => {
    const pack = run(
      "analyzer",
      workspace.folder({ files: { "package.json": packManifest }, installed: false }),
    );
    await pack.ended;
    equal(pack.exitCode, 1);
    equal(pack.output, "");
    match(
      pack.errors,
      /Cannot find module '@pulumi\/pulumi\/cmd\/run-policy-pack' .*Run `npm install` there/,
    );
  });

  it("a provider, with its arguments, environment, working directory and exit code", async () => {
    const main = `console.log(process.argv[2], process.env.GREETING, process.cwd()); console.error("hm"); process.exitCode = 7;`;
    const directory = workspace.folder({
      files: { "package.json": JSON.stringify({ main: "main.js" }), "main.js": main },
    });
    const elsewhere = workspace.folder({ installed: false });
    const provider = run("resource", directory, new RunPluginRequest().setPwd(elsewhere));
    await provider.ended;
    equal(provider.output, `${engine.address} a=b ${elsewhere}\n`);
    equal(provider.errors, "hm\n");
    equal(provider.exitCode, 7);
  });
});
