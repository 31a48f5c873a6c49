import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { UserError } from "../user-error";

/** How many of the last lines of a log are shown when a program has failed. */
const shownLines = 20;

/** A program to run to its end. */
export interface LoggedCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** File that everything the program says is added to. */
  readonly log: string;
  readonly directory?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs a program and keeps what it says in a log.
 *
 * @throws UserError with the end of the log if it fails or can't be started
 */
export async function runLogged(command: LoggedCommand): Promise<void> {
  const { program, args } = command;
  const log = await open(command.log, "a");
  try {
    await log.appendFile(`$ ${program} ${args.join(" ")}\n`);
    const child = spawn(program, args, {
      cwd: command.directory,
      env: command.environment,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(child, "close");
    if (child.exitCode !== 0) {
      const end =
        child.signalCode === null ? `exit code ${String(child.exitCode)}` : `signal ${child.signalCode}`;
      throw await failure(command, end);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw await failure(command, error instanceof Error ? error.message : String(error));
  } finally {
    await log.close();
  }
}

async function failure(command: LoggedCommand, reason: string): Promise<UserError> {
  const lines = (await readFile(command.log, "utf8")).trimEnd().split("\n").slice(-shownLines);
  const shown = lines.map((line) => `  | ${line}`).join("\n");
  const called = `${command.program} ${command.args[0] ?? ""}`.trim();
  return new UserError(`\`${called}\` failed (${reason}). The end of ${command.log}:\n${shown}`);
}
