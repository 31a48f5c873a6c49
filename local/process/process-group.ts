import { identify, type ProcessIdentity } from "./process-identity";
import { processTable } from "./process-table";

/**
 * The processes that still belong to a group whose first process has ended. A process that merely got its number has
 * begun a group of its own, which is left alone: while somebody is in a group, its number is given to nobody.
 */
export function groupOf(first: ProcessIdentity): readonly ProcessIdentity[] {
  if (identify(first.pid) !== undefined) return [];
  return processTable()
    .filter(({ group }) => group === first.pid)
    .flatMap(({ pid }) => identify(pid) ?? []);
}
