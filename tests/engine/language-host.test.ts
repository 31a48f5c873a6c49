import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, mkdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

import { z } from "zod";

import { resolveTools } from "../../local/toolchain/toolchain";
import { isRunning, until, Workspace } from "../toolchain/language-host-harness";

const project = `
name: shop
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import tsx
backend:
  url: file://./state
`;

const program = `
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config();
const words: readonly string[] = config.require("text").split(" ");
const stash = new pulumi.Stash("words", { input: words });
const mode = config.get("mode");
if (mode === "throw") throw new Error("no such pipeline");
if (mode === "hang") stash.output.apply(() => { console.log("program", process.pid); setInterval(() => {}, 1000); });
export const out = words;
export const password = config.requireSecret("password");
`;

const pack = `
import * as pulumi from "@pulumi/pulumi";
import { PolicyPack } from "@pulumi/policy";
const forbidden: string = new pulumi.Config("shop").get("forbidden") ?? "nothing";
console.log("pack", process.pid);
new PolicyPack("rules", { policies: [{
  name: "polite", description: "Some words are forbidden.", enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    if (JSON.stringify(args.props).includes(forbidden)) report(\`\${args.name} of \${pulumi.getStack()} says \${forbidden}\`);
  },
}] });
`;

const files = {
  "Pulumi.yaml": project,
  "package.json": JSON.stringify({ name: "shop", version: "1.0.0", type: "commonjs", main: "index.ts" }),
  "index.ts": program,
  "policies/PulumiPolicy.yaml": "runtime: nodejs",
  "policies/package.json": JSON.stringify({
    name: "rules",
    version: "0.1.0",
    type: "commonjs",
    main: "main.js",
  }),
  "policies/main.js": `require("tsx/cjs"); require("./pack");`,
  "policies/pack.ts": pack,
};

const deployment = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string(), inputs: z.unknown().optional() })).default([]),
    pending_operations: z.array(z.unknown()).default([]),
  }),
});

describe("the pulumi CLI with our language host", function () {
  this.timeout(180_000);
  const workspace = new Workspace();
  const directory = workspace.folder({ files });
  const environment = {
    ...process.env,
    PATH: [workspace.bin, process.env["PATH"]].join(delimiter),
    PULUMI_HOME: join(workspace.root, "home"),
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The node_modules of the checkout name providers that this program does not use.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };

  before(async () => {
    await workspace.install();
    const { pulumi } = await resolveTools(["pulumi"]);
    // The engine looks for the host beside itself, so it gets a folder in which ours is.
    await copyFile(pulumi.path, join(workspace.bin, "pulumi"), constants.COPYFILE_FICLONE);
    mkdirSync(join(directory, "state"));
    equal((await run("stack", "init", "dev")).code, 0);
    equal((await run("config", "set", "text", "hello world")).code, 0);
    equal((await run("config", "set", "--secret", "password", "hunter2")).code, 0);
  });
  after(() => {
    workspace.remove();
  });

  async function run(...args: string[]): Promise<{ code: number | string; output: string }> {
    return await new Promise((resolve) => {
      const options = { cwd: directory, env: environment, encoding: "utf8" as const };
      execFile(
        "pulumi",
        [...args, "--non-interactive", "--color", "never"],
        options,
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? 1), output: stdout + stderr });
        },
      );
    });
  }

  async function state(): Promise<z.infer<typeof deployment>["deployment"]> {
    return deployment.parse(JSON.parse((await run("stack", "export")).output)).deployment;
  }

  /** An update that hangs, as soon as its program does, with the ids of the processes below it. */
  async function hangingUpdate(text: string): Promise<{ cli: ChildProcess; processes: readonly number[] }> {
    equal((await run("config", "set", "text", text)).code, 0);
    equal((await run("config", "set", "mode", "hang")).code, 0);
    const args = [
      "up",
      "--yes",
      "--skip-preview",
      "--non-interactive",
      "--color",
      "never",
      "--policy-pack",
      "policies",
    ];
    const cli = spawn("pulumi", args, {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const pids = new Map<string, number>();
    for await (const line of createInterface({ input: cli.stdout })) {
      const [, kind, pid] = /\b(program|pack) (\d+)/.exec(line) ?? [];
      if (kind !== undefined) pids.set(kind, Number(pid));
      if (pids.size === 2) break;
    }
    cli.stdout.resume();
    return { cli, processes: [...pids.values()] };
  }

  it("previews, makes, keeps, refreshes and destroys", async () => {
    const preview = await run("preview");
    match(preview.output, /words create[^]*\+ 2 to create/);
    deepEqual((await state()).resources, []);

    const up = await run("up", "--yes", "--skip-preview");
    equal(up.code, 0, up.output);
    match(up.output, /\+ 2 created/);
    doesNotMatch(up.output, /warning|hunter2/);
    deepEqual(JSON.parse((await run("stack", "output", "--json")).output), {
      out: ["hello", "world"],
      password: "[secret]",
    });
    equal((await run("stack", "output", "password", "--show-secrets")).output.trim(), "hunter2");

    const again = await run("up", "--yes");
    equal(again.code, 0, again.output);
    match(again.output, /2 unchanged/);
    doesNotMatch(again.output, /created|updated|deleted/);

    equal((await run("refresh", "--yes", "--skip-preview")).code, 0);
    match(
      (await run("about")).output,
      new RegExp(`nodejs: executable='.*node' version='${process.version}'`),
    );
    const destroy = await run("destroy", "--yes", "--skip-preview");
    match(destroy.output, /- 2 deleted/);
    deepEqual((await state()).resources, []);
  });

  it("asks the policy pack, and makes nothing that it forbids", async () => {
    const allowed = await run("up", "--yes", "--skip-preview", "--policy-pack", "policies");
    equal(allowed.code, 0, allowed.output);
    equal((await run("config", "set", "forbidden", "darn")).code, 0);
    equal((await run("config", "set", "text", "darn it")).code, 0);
    const before = await state();
    const forbidden = await run("up", "--yes", "--skip-preview", "--policy-pack", "policies");
    equal(forbidden.code, 1);
    match(forbidden.output, /\[mandatory\] {2}polite [^]*words of dev says darn/);
    const words = ({ resources }: typeof before): unknown =>
      resources.find(({ urn }) => urn.endsWith("::words"))?.inputs;
    deepEqual(words(await state()), words(before));
    equal((await run("config", "set", "text", "hello world")).code, 0);
  });

  it("shows what a program throws", async () => {
    equal((await run("config", "set", "mode", "throw")).code, 0);
    const failed = await run("preview");
    equal(failed.code, 1);
    match(
      failed.output,
      /error: Running program '.*index\.ts' failed with an unhandled exception:\s+Error: no such pipeline/,
    );
    equal((await run("config", "rm", "mode")).code, 0);
  });

  it("stops program and pack on Ctrl-C, with nothing pending, and goes on where it was", async () => {
    const { cli, processes } = await hangingUpdate("one");
    cli.kill("SIGINT");
    await once(cli, "exit");
    equal(cli.exitCode, 1);
    await until(() => !processes.some(isRunning));
    deepEqual((await state()).pending_operations, []);
    equal((await run("config", "rm", "mode")).code, 0);
    const up = await run("up", "--yes", "--skip-preview");
    equal(up.code, 0, up.output);
    deepEqual(JSON.parse((await run("stack", "output", "out", "--json")).output), ["one"]);
  });

  it("leaves no process behind when the CLI is killed", async () => {
    const { cli, processes } = await hangingUpdate("two");
    cli.kill("SIGKILL");
    await until(() => !processes.some(isRunning));
    equal((await run("cancel", "--yes")).code, 0);
    equal((await run("config", "rm", "mode")).code, 0);
    const up = await run("up", "--yes", "--skip-preview");
    equal(up.code, 0, up.output);
    deepEqual(JSON.parse((await run("stack", "output", "out", "--json")).output), ["two"]);
  });
});
