import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { RunFailure, SurroundingsFailure } from "../failure";
import { runProgram } from "../execute/child-process";

const never = new AbortController().signal;

/** Starts a command in a session of its own, which nobody ends with the program. */
function leaving(command: string): string {
  return [
    "folder=$(mktemp -d) && mkfifo $folder/begun",
    `setsid sh -c 'echo left $$; echo > '$folder'/begun; ${command}' &`,
    "read begun < $folder/begun; rm -r $folder; echo done",
  ].join("\n");
}

/** Runs a script; what it leaves behind names itself by a line `left PID`, and is ended. */
async function printed(script: string, timeoutMs = 20_000, stdin?: Readable): Promise<string> {
  const command = ["/bin/sh", "-c", script];
  const run = { command, environment: { PATH: process.env["PATH"] ?? "" }, stdin, timeoutMs, signal: never };
  let output = "";
  try {
    return await runProgram(run, async (stdout) => (output = await text(stdout)));
  } finally {
    const [, left] = /^left (\d+)$/m.exec(output) ?? [];
    if (left !== undefined) process.kill(Number(left), "SIGKILL");
  }
}

describe("A program", () => {
  it("is done when it has ended, whatever it has left behind holds its output open", async () => {
    assert.match(await printed(leaving("exec sleep 60")), /^done$/m);
  });

  it("has all of its output read, also what a slow reader gets after its end", async () => {
    const run = {
      command: ["/bin/sh", "-c", "head -c 400000 /dev/zero"],
      environment: { PATH: process.env["PATH"] ?? "" },
      stdin: undefined,
      timeoutMs: 20_000,
      signal: never,
    };
    const size = await runProgram(run, async (stdout) => {
      let bytes = 0;
      for await (const chunk of stdout) {
        bytes += Buffer.from(chunk as Uint8Array).length;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return bytes;
    });
    assert.equal(size, 400_000);
  });

  it("is not to blame when it waits for an input that does not go on", async () => {
    const begun = new Readable({ read: () => undefined });
    begun.push("x");
    await assert.rejects(printed("cat", 2_000, begun), SurroundingsFailure);
  });

  it("is to blame when its input waits for it", async () => {
    const large = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(100_000)));
    await assert.rejects(printed("sleep 20", 2_000, large), /not done after 2 s/);
  });

  it("has its time, and no longer, also when what it has left behind goes on to print", async () => {
    await assert.rejects(printed(leaving("while sleep 0.1; do echo more; done"), 2_000), (error) => {
      assert.ok(error instanceof RunFailure);
      assert.equal(error.failure, "TimeOut");
      return true;
    });
  });

  it("that does not read its input leaves none open", async () => {
    const stdin = Readable.from(
      Array.from({ length: 1_000 }, () => Buffer.alloc(10_000)),
      { objectMode: false },
    );
    await assert.rejects(printed("exit 3", 20_000, stdin), /exit code 3/);
    assert.ok(stdin.destroyed);
  });
});
