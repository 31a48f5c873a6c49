import assert from "node:assert/strict";
import { runInTime, type Run } from "../engine/program-run";

/** Goes on until it was interrupted so many times, and then ends well. */
function goesOn(interrupts: number): string {
  return `let left = ${interrupts}; process.on("SIGINT", () => { left -= 1; if (left === 0) process.exit(0); });
    console.log("begun"); setInterval(() => {}, 1000);`;
}

/** With limits that a program that starts keeps. */
async function runProgram(program: string, unfinished: () => Promise<string>): Promise<Run> {
  const options = { cwd: ".", env: process.env };
  return runInTime(process.execPath, ["--eval", program], options, unfinished, { run: 1500, stop: 300 });
}

const waits = async (): Promise<string> => Promise.resolve("waits for a pod");

describe("a program of the engine's tests that may take so long", () => {
  it("is left alone when it ends in time", async () => {
    const run = await runProgram('console.log("done"); process.exitCode = 3;', waits);
    assert.deepEqual(run, { exitCode: 3, output: "done\n" });
  });

  it("fails and tells what it waits for when it goes on, whether it takes one interrupt or two", async () => {
    for (const interrupts of [1, 2]) {
      const run = await runProgram(goesOn(interrupts), waits);
      assert.equal(run.exitCode, 1);
      assert.match(run.output, /^begun\n\nerror: stopped after 1\.5 s; waits for a pod$/);
    }
  });

  it("is stopped even if nobody finds out what it waits for", async () => {
    const run = await runProgram(goesOn(1), () => new Promise(() => undefined));
    assert.match(run.output, /could not be found out$/);
    const failed = await runProgram(goesOn(1), () => Promise.reject(new Error("no API server")));
    assert.match(failed.output, /no API server$/);
  });
});
