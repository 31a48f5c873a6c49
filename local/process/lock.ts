import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../layout";
import { UserError } from "../user-error";
import { tryLock } from "./lock-file";

/**
 * Makes sure that only one command at a time changes an environment, and runs it.
 * A lock whose owner has died does not count.
 *
 * @param command what the user typed, named to whoever comes second.
 * @throws UserError if another command is at work.
 */
export async function withLock<T>(layout: Layout, command: string, work: () => Promise<T>): Promise<T> {
  const path = join(layout.directory, "lock");
  const attempt = tryLock(path, command);
  if (!attempt.taken) {
    const { holder } = attempt;
    const who = holder ? `\`${holder.command}\` (process ${holder.pid})` : "Another command";
    throw new UserError(`${who} is at work on this environment. Wait until it has finished, then try again.`);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
