import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A program that a test has started. */
export interface RunningProgram {
  /** File with all that it printed. */
  readonly log: string;
  /** Undefined: it could not be started. */
  readonly pid: number | undefined;
  /** Whether it has ended. */
  ended(): boolean;
  /** Sends it a signal, such as `SIGSTOP`. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** How a program is started. */
export interface ProgramStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** File for all that it prints. */
  readonly log: string;
  /** Who it runs as. @default ourselves */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

const running = new Set<ChildProcess>();

// Those of a file whose `before` or `after` failed would hold their addresses against all tests that come later.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** The programs of one test file: ended together, whatever happens. */
export class ProcessGroup {
  private readonly programs: RunningProgram[] = [];

  /** Starts a program with nothing of our environment but PATH and HOME. */
  start({ command, args, env, log, identity }: ProgramStart): RunningProgram {
    const output = openSync(log, "a");
    const child = spawn(command, [...args], {
      ...identity,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    running.add(child);
    const end = new Promise<void>((resolve) => {
      const ended = (): void => {
        running.delete(child);
        resolve();
      };
      child.once("exit", ended);
      child.once("error", ended);
    });
    const program: RunningProgram = {
      log,
      pid: child.pid,
      ended: () => hasEnded(child),
      signal: (signal) => {
        child.kill(signal);
      },
      stop: async (signal = "SIGTERM") => {
        if (!hasEnded(child)) child.kill(signal);
        await end;
      },
    };
    this.programs.push(program);
    return program;
  }

  /** Ends what still runs. */
  async stopAll(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop("SIGKILL")));
  }
}

/**
 * Waits until a condition holds.
 *
 * @param what - named in the error
 * @throws Error with the end of the log when the program ends first, or the time is up
 */
export async function eventually(
  what: string,
  condition: () => Promise<boolean> | boolean,
  { program, seconds = 60 }: { program?: RunningProgram; seconds?: number } = {},
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    if (await condition()) return;
    const late = Date.now() > deadline;
    if (late || program?.ended() === true) {
      const log = program === undefined ? "" : `\n${readFileSync(program.log, "utf8").slice(-3000)}`;
      throw new Error(`${what}: ${late ? `not within ${seconds} s` : "the program ended"}${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
