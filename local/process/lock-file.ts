import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { identify, isAlive, processIdentity } from "./process-identity";

const holderSchema = processIdentity.extend({ command: z.string() });

/** The process that has a lock, and what it does. */
export type LockHolder = Readonly<z.infer<typeof holderSchema>>;

/** What came of an attempt to take a lock. `holder` is unknown if it let go in the meantime. */
export type LockAttempt =
  { readonly taken: true } | { readonly taken: false; readonly holder: LockHolder | undefined };

/**
 * Takes a lock for this process if nobody has it. A lock whose owner has died does not count.
 *
 * @param path the lock's file; remove it to let go.
 * @param command what this process does, to be named to whoever comes second.
 */
export function tryLock(path: string, command: string): LockAttempt {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ ...identify(process.pid), command }), { mode: 0o600 });
  try {
    // A link is made by exactly one of several processes and has its content from the first moment.
    if (tryLink(own, path)) return { taken: true };
    const holder = readHolder(path);
    if (holder && isAlive(holder)) return { taken: false, holder };
    putAside(path, `${own}.abandoned`);
    return tryLink(own, path) ? { taken: true } : { taken: false, holder: readHolder(path) };
  } finally {
    rmSync(own, { force: true });
  }
}

function putAside(path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch {
    return; // Somebody else has just put it aside.
  }
  const moved = readHolder(aside);
  // Between the look and the move somebody may have replaced the dead lock by a live one: give it back.
  if (moved && isAlive(moved)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function tryLink(existing: string, path: string): boolean {
  try {
    linkSync(existing, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
