import { readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { syncFolder } from "./log-segment";

const checkpointSchema = z.object({
  /** All records before this one are in Kafka. */
  next: z.int().nonnegative(),
  /** Records after it that are in Kafka, too. */
  delivered: z.array(z.int().nonnegative()),
});

/** How far a log is delivered. */
export type Checkpoint = z.output<typeof checkpointSchema>;

const fileName = "delivered.json";

/** What was written last. Without it, or when it is damaged, everything counts as not delivered: twice is better than never. */
export function readCheckpoint(folder: string): Checkpoint {
  try {
    return checkpointSchema.parse(JSON.parse(readFileSync(join(folder, fileName), "utf8")));
  } catch {
    return { next: 0, delivered: [] };
  }
}

/** Writes it so that a crash leaves the old one or the new one. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const path = join(folder, fileName);
  const file = await open(`${path}.new`, "w");
  try {
    await file.writeFile(JSON.stringify(checkpoint));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(folder);
}
