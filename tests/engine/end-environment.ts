import { rmSync } from "node:fs";
import { join } from "node:path";
import { stopEnvironment } from "../../local/environment";

/** Ends the processes of a temporary environment and removes its folder. */
export async function endEnvironment(folder: string): Promise<void> {
  await stopEnvironment({ directory: join(folder, "local") });
  // A command that was cut off may still be writing.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

const [, program, folder] = process.argv;
if (program === __filename && folder !== undefined) void endEnvironment(folder);
