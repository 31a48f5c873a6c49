import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgressOutput } from "../../local/toolchain/progress";
import type { Recipe } from "../../local/toolchain/recipe";

/** A folder for one suite of tests. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "algorun-toolchain-"));

  /** A new folder in it. */
  async folder(name: string): Promise<string> {
    const path = join(this.path, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Writes a shell script that can be called like a program. */
export async function writeProgram(folder: string, name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** Keeps what is written to it. */
export class RecordedOutput implements ProgressOutput {
  text = "";

  write(text: string): void {
    this.text += text;
  }
}

/** A recipe that makes one file, `tool`, and counts how often it was followed. */
export function countedRecipe(changes: Partial<Recipe> = {}): Recipe & { readonly made: () => number } {
  let made = 0;
  return {
    name: "fake",
    title: "Fake tool",
    method: "making it",
    needs: [],
    ingredients: () => Promise.resolve(["1.0.0"]),
    make: async ({ directory }) => {
      made += 1;
      await writeProgram(directory, "tool", "echo made");
    },
    made: () => made,
    ...changes,
  };
}
