import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEnvironment, type Environment } from "../../local/environment";
import { project } from "../../local/layout";
import { endEnvironment } from "./end-environment";

/** An embedded environment in a folder of its own, which goes with this process at the latest. */
export interface TemporaryEnvironment {
  /** Everything that is removed at the end, the environment's state in it. */
  readonly folder: string;
  readonly environment: Environment;
  /** Ends all processes and removes everything. */
  stop(): Promise<void>;
}

/**
 * Starts an environment that ends with this process, whatever ends it: a Ctrl-C, or a signal that nobody can handle. Its
 * own processes are made to outlive who started them.
 *
 * @param purpose - a word for the name of its folder
 */
export async function startTemporaryEnvironment(purpose: string): Promise<TemporaryEnvironment> {
  const folder = mkdtempSync(join(tmpdir(), `algorun-${purpose}-`));
  const release = endWithThisProcess(folder);
  const stop = async (): Promise<void> => {
    await endEnvironment(folder);
    release();
  };
  try {
    const environment = await startEnvironment({ directory: join(folder, "local") });
    return { folder, environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Has a shell wait for the end of a pipe that this process holds open, and end an environment then.
 *
 * @returns what releases the shell from it
 */
function endWithThisProcess(folder: string): () => void {
  const command = [process.execPath, "--import", "tsx", join(__dirname, "end-environment.ts"), folder];
  const shell = spawn("sh", ["-c", 'cat; exec "$@"', "sh", ...command], {
    cwd: project,
    // A Ctrl-C goes to all that share a terminal's group.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => {
    shell.kill();
    shell.stdin.destroy();
  };
}
