import { existsSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../files";
import { processTable } from "../process/process-table";
import { UserError } from "../user-error";
import { isPulumi } from "./abandoned-providers";
import { askPulumi, type Stack } from "./stack";

/** What Pulumi's file backend writes down about whoever works on a stack. */
const lockSchema = z.object({ pid: z.number().int(), hostname: z.string() });

/**
 * Removes the locks that a killed Pulumi left on a stack.
 *
 * @returns whether there were any.
 * @throws UserError if one still works on it.
 */
export async function releaseAbandonedLocks(stack: Stack): Promise<boolean> {
  const locks = locksOf(stack);
  if (locks.length === 0) return false;
  // A process id may have been given to something else since; a Pulumi with it is taken for the owner.
  const working = new Set(
    processTable()
      .filter(isPulumi)
      .map(({ pid }) => pid),
  );
  const owner = locks.find((lock) => lock.hostname !== hostname() || working.has(lock.pid));
  if (owner) {
    throw new UserError(
      `Another pulumi (process ${owner.pid}) is changing stack ${stack.name}. ` +
        "Wait until it has finished, then try again.",
    );
  }
  await askPulumi(stack, ["cancel", stack.name, "--yes"]);
  return true;
}

function locksOf(stack: Stack): readonly z.infer<typeof lockSchema>[] {
  const root = join(stack.layout.pulumiState, ".pulumi", "locks");
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".json") && file.split("/").at(-2) === stack.name)
    .flatMap((file) => readLock(join(root, file)) ?? []);
}

/** A lock that is cut off is nobody's: whoever could not write it, since the disk was full, has given up. */
function readLock(path: string): z.infer<typeof lockSchema> | undefined {
  try {
    return readJson(path, lockSchema);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    rmSync(path, { force: true });
    return undefined;
  }
}
