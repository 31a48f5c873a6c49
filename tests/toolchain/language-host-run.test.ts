import { deepEqual, equal, match } from "node:assert/strict";

import type { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { answer, FakeEngine, Host, isRunning, runRequest, Workspace } from "./language-host-harness";

const manifest = JSON.stringify({ name: "shop", main: "index.js" });

describe("the language host runs programs", function () {
  this.timeout(60_000);
  const workspace = new Workspace();
  const engine = new FakeEngine();
  let host: Host;
  before(async () => {
    await workspace.install();
    await engine.start();
  });
  beforeEach(async () => {
    engine.messages.length = 0;
    host = await Host.start(workspace.executable, engine.address);
  });
  afterEach(async () => {
    await host.stop();
  });
  after(() => {
    engine.stop();
    workspace.remove();
  });

  async function run(request: RunRequest): Promise<RunResponse.AsObject> {
    return (await answer<RunResponse>((done) => host.client.run(request, done))).toObject();
  }

  it("with the stack, its configuration and its secrets", async () => {
    const directory = workspace.folder({
      files: {
        "package.json": manifest,
        "index.js": `
          const pulumi = require("@pulumi/pulumi");
          const config = new pulumi.Config();
          console.log(JSON.stringify({
            name: [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/"),
            replicas: config.requireNumber("replicas"),
            other: new pulumi.Config("kafka").require("address"),
            preview: pulumi.runtime.isDryRun(),
            folder: process.cwd(),
            root: pulumi.runtime.getRootDirectory?.() ?? process.env.PULUMI_NODEJS_ROOT_DIRECTORY,
            args: process.argv.slice(2),
          }));
          const { isConfigSecret } = require("@pulumi/pulumi/runtime/config");
          console.log(config.require("password"), isConfigSecret("shop:password"), isConfigSecret("shop:replicas"));`,
      },
    });
    const request = runRequest(engine, directory).setDryrun(true).setParallel(7).setArgsList(["one"]);
    request
      .getConfigMap()
      .set("shop:replicas", "3")
      .set("kafka:address", "localhost:9092")
      .set("shop:password", "hunter2");
    request.setConfigsecretkeysList(["shop:password"]);
    deepEqual(await run(request), { error: "", bail: false });
    deepEqual(JSON.parse(host.lines[0] ?? "{}"), {
      name: "organization/shop/dev",
      replicas: 3,
      other: "localhost:9092",
      preview: true,
      folder: directory,
      root: directory,
      args: ["one"],
    });
    deepEqual(host.lines.slice(1), ["hunter2 true false"]);
  });

  it("in TypeScript through a loader that the project names for Node", async () => {
    const directory = workspace.folder({
      files: {
        "package.json": JSON.stringify({ name: "shop", type: "commonjs", main: "index.ts" }),
        "index.ts": `import { total } from "./total"; console.log(total([1, 2]));`,
        "total.ts": `enum Unit { One = 1 } export const total = (n: readonly number[]): number => n.length * Unit.One;`,
      },
    });
    const options = { typescript: false, nodeargs: `--import "tsx" --max-old-space-size='512'` };
    deepEqual(await run(runRequest(engine, directory, options)), { error: "", bail: false });
    deepEqual(host.lines, ["2"]);
  });

  it("in TypeScript through the SDK, which is the default, with the compiler options of the project", async () => {
    const directory = workspace.folder({
      files: {
        "package.json": JSON.stringify({ name: "shop", main: "index.ts" }),
        "settings/tsconfig.json": JSON.stringify({ compilerOptions: { types: [], strict: true } }),
        "index.ts": `export const double = (n) => 2 * n;`,
      },
    });
    deepEqual(await run(runRequest(engine, directory, {})), { error: "", bail: false });
    const strict = runRequest(engine, directory, { tsconfig: "settings/tsconfig.json" });
    deepEqual(await run(strict), { error: "", bail: true });
    match(engine.messages.join("\n"), /TS7006: Parameter 'n' implicitly has an 'any' type/);
  });

  it("and leaves an error that a program throws to the message that the program logged", async () => {
    const directory = workspace.folder({
      files: { "package.json": manifest, "index.js": `throw new Error("no such pipeline");` },
    });
    deepEqual(await run(runRequest(engine, directory)), { error: "", bail: true });
    match(engine.messages.join("\n"), /failed with an unhandled exception:\s+Error: no such pipeline/);
  });

  it("and says with which code a program ended by itself", async () => {
    const directory = workspace.folder({
      files: { "package.json": manifest, "index.js": "process.exit(3);" },
    });
    deepEqual(await run(runRequest(engine, directory)), {
      error: "The program ended with exit code 3.",
      bail: false,
    });
  });

  it("and hints at the memory of a program that was aborted", async () => {
    const directory = workspace.folder({
      files: { "package.json": manifest, "index.js": `process.kill(process.pid, "SIGABRT");` },
    });
    match((await run(runRequest(engine, directory))).error, /ended by signal SIGABRT\. .*max-old-space-size/);
  });

  it("and says what to do about a program without an SDK", async () => {
    const directory = workspace.folder({
      files: { "package.json": manifest, "index.js": "" },
      installed: false,
    });
    const { error, bail } = await run(runRequest(engine, directory));
    match(
      error,
      /Cannot find module '@pulumi\/pulumi\/cmd\/run' from .*folder-\d+: .* Run `npm install` there/,
    );
    equal(bail, false);
  });

  it("and names a runtime option with a wrong value", async () => {
    const directory = workspace.folder({ files: { "package.json": manifest, "index.js": "" } });
    const { error } = await run(runRequest(engine, directory, { typescript: "no" }));
    match(error, /runtime\.options .* typescript: .*expected boolean, received string/);
  });

  it("and refuses a debugger with the way to have one", async () => {
    const directory = workspace.folder({ files: { "package.json": manifest, "index.js": "" } });
    match(
      (await run(runRequest(engine, directory).setAttachDebugger(true))).error,
      /nodeargs: --inspect-brk/,
    );
  });

  it("and interrupts a program when the engine cancels", async () => {
    const directory = workspace.folder({
      files: {
        "package.json": manifest,
        "index.js": `console.log(process.pid); setInterval(() => {}, 1000);`,
      },
    });
    const started = host.nextLine();
    const running = run(runRequest(engine, directory));
    const pid = Number(await started);
    await answer<Empty>((done) => host.client.cancel(new Empty(), done));
    deepEqual(await running, { error: "The program ended by signal SIGINT.", bail: false });
    equal(isRunning(pid), false);
  });

  it("and leaves no program behind that ignores interrupts when the engine has gone", async () => {
    const directory = workspace.folder({
      files: {
        "package.json": manifest,
        "index.js": `process.on("SIGINT", () => {}); console.log(process.pid); setInterval(() => {}, 1000);`,
      },
    });
    const started = host.nextLine();
    const running = run(runRequest(engine, directory)).catch(() => undefined);
    const pid = Number(await started);
    equal(await host.stop(), 0);
    await running;
    equal(isRunning(pid), false);
  });
});
