import type { Layout } from "../layout";
import { UserError } from "../user-error";
import { logPath, logTail, readProcess } from "./managed-process";
import { isAlive } from "./process-identity";
import { until } from "./until";

/** Longest wait for one process to become ready, in milliseconds; a loaded machine takes a tenth of it. */
const readyLimit = 120_000;

/**
 * Waits until a process answers as it should.
 *
 * @param check true when ready; a throw counts as "not yet".
 * @throws UserError, with the end of its log, if the process ends or the time is up.
 */
export async function awaitReady(layout: Layout, name: string, check: () => Promise<boolean>): Promise<void> {
  const failure = (problem: string): UserError =>
    new UserError(
      `${name} ${problem}. The end of its log (${logPath(layout, name)}):\n${logTail(layout, name)}`,
    );
  let answer = "no answer";
  const ready = await until(async () => {
    const record = readProcess(layout, name);
    if (!record || !isAlive(record)) throw failure("ended while it was starting");
    try {
      return await check();
    } catch (error) {
      answer = error instanceof Error ? error.message : String(error);
      return false;
    }
  }, readyLimit);
  if (!ready) throw failure(`is not ready after ${readyLimit / 1000} s (${answer})`);
}
