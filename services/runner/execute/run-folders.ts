import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";

/** Folders of one run: files for the algo, and files that it makes. */
export class RunFolders {
  readonly input: string;
  readonly output: string;
  private isMade = false;

  /**
   * @param roots - folders that the algo sees under the same names
   * @param run - name of the run
   */
  constructor(roots: FolderRoots, run: string) {
    this.input = join(roots.input, run);
    this.output = join(roots.output, run);
  }

  /** Makes them, for messages that need any. */
  async make(): Promise<void> {
    if (this.isMade) return;
    this.isMade = true;
    await mkdir(this.input, { recursive: true });
    await mkdir(this.output, { recursive: true });
  }

  /** Removes them with all that is in them. */
  async remove(): Promise<void> {
    if (!this.isMade) return;
    for (const folder of [this.input, this.output]) await rm(folder, { recursive: true, force: true });
  }
}

/** Where the folders of runs are. */
export interface FolderRoots {
  readonly input: string;
  readonly output: string;
}

/** What a predecessor that was killed has left behind. */
export async function emptyFolders({ input, output }: FolderRoots): Promise<void> {
  for (const folder of [input, output]) {
    for (const entry of await readdir(folder).catch(() => [])) {
      await rm(join(folder, entry), { recursive: true, force: true });
    }
  }
}

/** Most bytes of a file's name; file systems take 255. */
const nameBytes = 200;

/**
 * A name for a file that comes from outside: its last part, without what a shell or a program could stumble over. Of one
 * that is too long, the end stays, with the extension.
 */
export function safeFileName(name: string | undefined, otherwise: string): string {
  const safe = basename((name ?? "").replaceAll("\\", "/")).replace(/[^\p{L}\p{N}._-]/gu, "_");
  if (/^[.-]*$/.test(safe)) return otherwise;
  let size = 0;
  const kept = Array.from(safe)
    .toReversed()
    .filter((letter) => (size += Buffer.byteLength(letter)) <= nameBytes);
  return (
    kept
      .toReversed()
      .join("")
      .replace(/^[.-]+/, "") || otherwise
  );
}
