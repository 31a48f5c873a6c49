import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { Readable } from "node:stream";
import { InputFlow } from "./input-flow";
import { ProgramOutput } from "./program-output";
import { isExhaustion, RunFailure, SurroundingsFailure } from "../failure";

/** A program that is run for one message. */
export interface ProgramRun {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined: nothing. */
  readonly stdin: Readable | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How long a program may take to end after it was asked to. */
const killAfterMs = 5_000;
const stderrBytes = 4_096;

/**
 * Runs a program in a process group of its own, and ends the whole group: after the time is up, when the result counts
 * no more, and when the program itself has ended and left something behind.
 *
 * @param readStdout - what is done with its output; when that fails, the program is ended
 * @throws RunFailure when it does not end with 0
 */
export async function runProgram<Output>(
  { command, environment, stdin, timeoutMs, signal }: ProgramRun,
  readStdout: (stdout: Readable) => Promise<Output>,
): Promise<Output> {
  signal.throwIfAborted();
  const child = startProgram(command, environment);
  const time = { isOver: false };
  const fed = { failure: undefined as Error | undefined };
  let starved: SurroundingsFailure | undefined;
  const printed = new ProgramOutput(child.stdout);
  const stop = (): void => {
    endGroup(child);
    // There may be nobody left to end.
    if (child.exitCode !== null || child.signalCode !== null) printed.end();
  };
  const timer = setTimeout(() => {
    time.isOver = true;
    starved = flow?.failure();
    stop();
  }, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  const ended = endOf(child);
  const onEnd = (): void => {
    if (time.isOver || signal.aborted) printed.end();
    else printed.programEnded();
  };
  ended.then(onEnd, onEnd);
  const stderr = tailOf(child.stderr);
  const output = readStdout(printed.stream).catch((error: unknown) => {
    stop();
    throw error;
  });
  const flow = feed(child, stdin, (error) => {
    fed.failure = error;
    stop();
  });
  try {
    const [result, end] = await Promise.allSettled([output, ended]);
    if (end.status === "rejected") throw end.reason;
    const { code, killedBy } = end.value;
    if (time.isOver)
      throw starved ?? new RunFailure("TimeOut", `not done after ${timeoutMs / 1000} s${await stderr()}`);
    signal.throwIfAborted();
    if (fed.failure !== undefined) throw fed.failure;
    if (result.status === "rejected" && result.reason instanceof RunFailure) throw result.reason;
    if (code !== 0) {
      const how = code === null ? `ended by ${killedBy ?? "a signal"}` : `exit code ${code}`;
      throw new RunFailure("ExitCode", `${how}${await stderr()}`, {
        ...(code === null ? {} : { exitCode: code }),
        ...(killedBy === null ? {} : { signal: killedBy }),
      });
    }
    if (result.status === "rejected") throw result.reason;
    return result.value;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    signalGroup(child, "SIGKILL");
    stdin?.destroy();
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
  }
}

function startProgram(
  [file = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  try {
    return spawn(file, args, { env: { ...environment }, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    // Such as a parameter with a NUL, or more parameters than the system takes.
    throw startFailure(error);
  }
}

function startFailure(error: unknown): RunFailure | SurroundingsFailure {
  const text = error instanceof Error ? error.message : String(error);
  return isExhaustion(error) ? new SurroundingsFailure(text) : new RunFailure("Start", text);
}

function endOf(child: ChildProcess): Promise<{ code: number | null; killedBy: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      child.stdout?.destroy();
      reject(startFailure(error));
    });
    child.once("exit", (code, killedBy) => {
      // Whoever inherited the output would keep it open for ever.
      signalGroup(child, "SIGKILL");
      resolve({ code, killedBy });
    });
  });
}

/** A program need not read what it is given; but what it is given must come to its end. */
function feed(
  child: ChildProcessWithoutNullStreams,
  stdin: Readable | undefined,
  onFailure: (error: Error) => void,
): InputFlow | undefined {
  child.stdin.on("error", () => undefined);
  if (stdin === undefined) {
    child.stdin.end();
    return undefined;
  }
  stdin.once("error", onFailure);
  stdin.pipe(child.stdin);
  return new InputFlow(stdin, child.stdin);
}

/** The end of what a program complains of, for people to read. */
function tailOf(stderr: Readable): () => Promise<string> {
  let tail = Buffer.alloc(0);
  stderr.on("data", (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-stderrBytes);
  });
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const text = tail.toString().trim();
    return text === "" ? "" : `: ${text}`;
  };
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  setTimeout(() => {
    signalGroup(child, "SIGKILL");
  }, killAfterMs).unref();
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // There is nobody left in the group.
  }
}
