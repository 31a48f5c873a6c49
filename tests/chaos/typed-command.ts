import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { project } from "../../local/layout";

/** How a command ended. */
export interface Ending {
  /** Undefined: a signal ended it. */
  readonly exitCode: number | undefined;
  /** Standard output and error. */
  readonly output: string;
}

/** A command as a terminal runs it: in the checkout, and in a process group of its own. */
export class TypedCommand {
  /** When all who write to its output have ended. */
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private said = "";

  private constructor([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(program, args, {
      cwd: project,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.said += text;
      });
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code) => {
        resolve({ exitCode: code ?? undefined, output: this.said });
      });
    });
  }

  /** Starts a program with its arguments. */
  static start(words: readonly string[], env: NodeJS.ProcessEnv): TypedCommand {
    return new TypedCommand(words, env);
  }

  /** The command's own process. */
  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error("the command could not be started");
    return pid;
  }

  /** Whether the command's own process has ended. */
  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Whether the command's own process was ended by SIGKILL. */
  get wasKilled(): boolean {
    return this.child.signalCode === "SIGKILL";
  }

  /** What it has said so far, on standard output and error. */
  get output(): string {
    return this.said;
  }

  /** What a terminal does when Ctrl-C is pressed; nothing if the command has ended. */
  interrupt(): void {
    if (!this.isOver) process.kill(-this.pid, "SIGINT");
  }

  /** Sends a signal to the command's own process alone. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** How it ended; fails with all it has said, and kills it, if it does not end in some seconds. */
  async endWithin(seconds: number): Promise<Ending> {
    const timer = new AbortController();
    const late = delay(seconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined);
    const ending = await Promise.race([this.ended, late]);
    timer.abort();
    if (ending !== undefined) return ending;
    process.kill(-this.pid, "SIGKILL");
    return assert.fail(`has not ended within ${seconds} s, and said:\n${this.said.slice(-4000)}`);
  }
}

/** Fails if a user would see where in the code something went wrong, rather than what. */
export function assertNoStackTrace(output: string, told: string): void {
  assert.doesNotMatch(output, /^\s+at .+:\d+:\d+\)?$|^goroutine \d+ \[|^panic:/m, told);
}
