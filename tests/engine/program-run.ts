import { execFile, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";

const executeFile = promisify(execFile);

/** When a program that goes on is stopped. */
export interface TimeLimits {
  /** Longest time that it may take, in milliseconds. */
  readonly run: number;
  /** How long it is given to stop by itself, and how long it is looked for what it waits for, in milliseconds. */
  readonly stop: number;
}

/** The longest run of Pulumi in the tests takes a quarter of this. */
const pulumiLimits: TimeLimits = { run: 300_000, stop: 30_000 };

/** What a run of a program said, and how it ended. */
export interface Run {
  readonly exitCode: number;
  /** Standard output and error. */
  readonly output: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A program that runs, and what it has said when it has ended well. */
type Execution = Promise<{ readonly stdout: string; readonly stderr: string }> & {
  readonly child: ChildProcess;
};

/** Starts a program whose end without success is an error. */
export function execute(program: string, args: readonly string[], options: RunOptions): Execution {
  return executeFile(program, [...args], { ...options, maxBuffer: 2 ** 28 });
}

/** Runs a program to its end, however that may be. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Run> {
  return endOf(execute(program, args, options));
}

/**
 * Runs Pulumi, and stops it as Ctrl-C does, once and again, when it goes on for ever: it would keep the stack's lock, and
 * every test behind it would fail for that.
 *
 * @param unfinished - says what it may be waiting for
 */
export async function runInTime(
  pulumi: string,
  args: readonly string[],
  options: RunOptions,
  unfinished: () => Promise<string>,
  limits: TimeLimits = pulumiLimits,
): Promise<Run> {
  const running = execute(pulumi, args, options);
  const { child } = running;
  let reason: string | undefined;
  let timer: NodeJS.Timeout;
  const stop = async (): Promise<void> => {
    const late = delay(limits.stop, "what it waits for could not be found out", { ref: false });
    const found = await Promise.race([unfinished().catch(String), late]);
    if (child.exitCode !== null || child.signalCode !== null) return;
    reason = found;
    child.kill("SIGINT");
    timer = setTimeout(() => child.kill("SIGINT"), limits.stop);
  };
  timer = setTimeout(() => void stop(), limits.run);
  const { exitCode, output } = await endOf(running).finally(() => {
    clearTimeout(timer);
  });
  if (reason === undefined) return { exitCode, output };
  const error = `error: stopped after ${limits.run / 1000} s; ${reason}`;
  return { exitCode: exitCode === 0 ? 1 : exitCode, output: `${output}\n${error}` };
}

async function endOf(running: Execution): Promise<Run> {
  try {
    const { stdout, stderr } = await running;
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const failed = failureSchema.safeParse(error);
    if (!failed.success) throw error;
    return { exitCode: failed.data.code, output: failed.data.stdout + failed.data.stderr };
  }
}

const failureSchema = z.object({
  // A program that was ended by a signal has none.
  code: z
    .number()
    .nullable()
    .transform((code) => code ?? 128),
  stdout: z.string(),
  stderr: z.string(),
});
