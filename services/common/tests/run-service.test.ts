import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Starts a service that does as it is told, and gives its exit code and what it printed. */
async function outcomeOf(
  behaviour: "drains" | "hangs" | "is not configured" | "fails",
  ...signals: readonly NodeJS.Signals[]
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, ["--import=tsx", join(__dirname, "obedient-service.ts"), behaviour], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const left = [...signals];
  const heard = (chunk: Buffer): void => {
    printed += chunk.toString();
    // Each signal when the one before has been heard.
    const expected = ["started", '"msg":"draining"'][signals.length - left.length];
    if (left[0] !== undefined && expected !== undefined && printed.includes(expected))
      child.kill(left.shift());
  };
  child.stdout.on("data", heard);
  child.stderr.on("data", heard);
  await once(child, "close");
  return { code: child.exitCode, printed };
}

describe("A service", function () {
  this.timeout(60_000);

  it("drains on SIGTERM, and ends well", async () => {
    const { code, printed } = await outcomeOf("drains", "SIGTERM");
    assert.equal(code, 0);
    assert.match(printed, /"msg":"drained"/);
  });

  it("ends badly at a second signal, since somebody is in a hurry", async () => {
    const { code, printed } = await outcomeOf("hangs", "SIGINT", "SIGTERM");
    assert.equal(code, 1);
    assert.match(printed, /ended by a second signal/);
  });

  it("ends badly when it can't drain in its time", async () => {
    const { code, printed } = await outcomeOf("hangs", "SIGTERM");
    assert.equal(code, 1);
    assert.match(printed, /not drained in time/);
  });

  it("says what is wrong with its configuration, a line each and without a stack, and ends with 2", async () => {
    const { code, printed } = await outcomeOf("is not configured");
    assert.equal(code, 2);
    assert.equal(printed, "one problem\nanother\n");
  });

  it("logs an error that nobody caught once, and ends", async () => {
    const { code, printed } = await outcomeOf("fails");
    assert.equal(code, 1);
    assert.equal(
      printed.match(/nobody expects this/g)?.length,
      2,
      "the message, and the first line of the stack",
    );
  });
});
