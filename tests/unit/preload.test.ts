import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { z } from "zod";

const checkout = join(__dirname, "..", "..");

const projectSchema = z.object({
  runtime: z.object({ options: z.object({ nodeargs: z.string() }) }),
});

/** What Pulumi starts the program with, by Pulumi.yaml. */
const { nodeargs } = projectSchema.parse(load(readFileSync(join(checkout, "Pulumi.yaml"), "utf8"))).runtime
  .options;

/** As Pulumi's SDK does for each resource, and as a program might that wants fewer. */
const stackTraces = `
const seen = [Error.stackTraceLimit];
for (const wanted of [50, 3]) { Error.stackTraceLimit = wanted; seen.push(Error.stackTraceLimit); }
console.log(JSON.stringify(seen));
`;

/** Which of two packages are there before a function is serialized, and after it. */
const modules = `
const { isProxy } = require("node:util").types;
const { runtime } = require("@pulumi/pulumi");
const loaded = () => ["typescript", "@npmcli/arborist"].filter((name) => {
  const { exports } = require.cache[require.resolve(name)] ?? {};
  return exports !== undefined && !isProxy(exports);
});
const atStart = loaded();
runtime.serializeFunction((words) => words.length + 1).then(async ({ text }) => {
  const serialized = loaded();
  const { Arborist } = require("@npmcli/arborist");
  console.log(JSON.stringify({ atStart, serialized, text: /words\\.length \\+ 1/.test(text), arborist: typeof Arborist, all: loaded() }));
});
`;

async function printed(program: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args, "--eval", program], {
    cwd: checkout,
  });
  return JSON.parse(stdout);
}

describe("what is loaded before the program", () => {
  it("keeps stack traces as short as Node's, however long the SDK wants them", async () => {
    assert.deepEqual(await printed(stackTraces, []), [10, 50, 3]);
    assert.deepEqual(await printed(stackTraces, nodeargs.split(" ")), [10, 10, 3]);
  });

  it("loads what the SDK serializes functions with when there is a function", async () => {
    const both = ["typescript", "@npmcli/arborist"];
    const used = { text: true, arborist: "function", all: both };
    assert.deepEqual(await printed(modules, ["--import", "tsx"]), {
      atStart: both,
      serialized: both,
      ...used,
    });
    assert.deepEqual(await printed(modules, nodeargs.split(" ")), {
      atStart: [],
      serialized: ["typescript"],
      ...used,
    });
  });
});
