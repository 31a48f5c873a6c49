import { readdirSync } from "node:fs";
import type { WriteAheadLog } from "../log/write-ahead-log";

/** The values that a log would send, in their order. */
export async function restOf(log: WriteAheadLog): Promise<readonly string[]> {
  const values: string[] = [];
  while (!log.isRead) {
    const next = await log.next();
    if (next !== undefined) values.push(next.message.value.toString());
  }
  return values;
}

/** Names of a log's files, the oldest first. */
export function logFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .sort();
}
