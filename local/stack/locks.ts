import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../files";
import { identify } from "../process/process-identity";
import { UserError } from "../user-error";
import { askPulumi, type Stack } from "./stack";

/** What Pulumi's file backend writes down about whoever works on a stack. */
const lockSchema = z.object({ pid: z.number().int(), hostname: z.string() });

/**
 * Removes the locks that a killed Pulumi left on a stack.
 *
 * @throws UserError if one still works on it.
 */
export async function releaseAbandonedLocks(stack: Stack): Promise<void> {
  const locks = locksOf(stack);
  const owner = locks.find((lock) => lock.hostname !== hostname() || runsPulumi(lock.pid));
  if (owner) {
    throw new UserError(
      `Another pulumi (process ${owner.pid}) is changing stack ${stack.name}. ` +
        "Wait until it has finished, then try again.",
    );
  }
  if (locks.length > 0) await askPulumi(stack, ["cancel", stack.name, "--yes"]);
}

function locksOf(stack: Stack): readonly z.infer<typeof lockSchema>[] {
  const root = join(stack.layout.pulumiState, ".pulumi", "locks");
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".json") && file.split("/").at(-2) === stack.name)
    .flatMap((file) => readJson(join(root, file), lockSchema) ?? []);
}

/** Whether a process with this id is a Pulumi; the id may have been given to something else since. */
function runsPulumi(pid: number): boolean {
  if (!identify(pid)) return false;
  const name = existsSync(`/proc/${pid}/comm`)
    ? readFileSync(`/proc/${pid}/comm`, "utf8")
    : execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" });
  return name.includes("pulumi");
}
