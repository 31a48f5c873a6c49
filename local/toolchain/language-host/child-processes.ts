import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";

/** How a child process ended: with an exit code, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Milliseconds between asking a child to stop and killing it. Shorter than the five seconds that the
 * engine gives the host itself, so that the host is never killed while a child of it still runs.
 */
const gracePeriod = 3_000;

/** The processes that this host has started, so that none outlives it. */
export class ChildProcesses {
  private readonly running = new Set<ChildProcess>();

  /**
   * Starts Node with the given arguments. It stays in the host's own process group: the engine signals
   * the group, and so reaches the program even if the host hangs.
   */
  node(args: readonly string[], options: SpawnOptions): ChildProcess {
    return this.start(process.execPath, args, options);
  }

  /** Starts any command, found on PATH. */
  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, options);
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    child.once("error", () => this.running.delete(child));
    return child;
  }

  /** Interrupts a child, kills it after a grace period, and resolves when it has ended. */
  async stop(child: ChildProcess): Promise<void> {
    if (!this.running.has(child)) return;
    // Not "close": a process that the child has started may keep its output open for longer.
    const exited = once(child, "exit");
    child.kill("SIGINT");
    const killer = setTimeout(() => child.kill("SIGKILL"), gracePeriod);
    await exited;
    clearTimeout(killer);
  }

  /** Stops every child that still runs. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.running].map((child) => this.stop(child)));
  }
}

/**
 * Waits until a process has ended and its output has been read.
 *
 * @throws if the process could not be started
 */
export async function ending(child: ChildProcess): Promise<Ending> {
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** Says how a process ended, as the end of a sentence: `with exit code 1`. */
export function describeEnding(end: Ending): string {
  return end.signal === null ? `with exit code ${end.code ?? "unknown"}` : `by signal ${end.signal}`;
}
