import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Stack } from "./stack";

const checkpoint = z.looseObject({ checkpoint: z.looseObject({ stack: z.string() }) });

/**
 * Brings back the newest copy of a state whose file is cut off. Pulumi's file backend leaves such a file when the disk is
 * full: it puts what it could write in the place of the whole.
 *
 * @returns what was done, as a sentence; undefined: the file is whole, or there is none
 */
export function bringBackState(stack: Stack): string | undefined {
  const { layout, name } = stack;
  const damaged = stateFile(stack);
  if (damaged === undefined || isWhole(damaged)) return undefined;
  const backups = filesIn(join(layout.pulumiState, ".pulumi"), "backups");
  const copies = [`${damaged}.bak`, ...backups.filter((path) => isOf(path, name))];
  const newest = copies.filter(isWhole).toSorted((one, other) => writtenAt(other) - writtenAt(one))[0];
  renameSync(damaged, `${damaged}.damaged`);
  // What the backend notes of a file's content is of another content.
  rmSync(`${damaged}.attrs`, { force: true });
  if (newest === undefined)
    return `The file of stack ${name} was cut off, as by a full disk, and so are all copies: it begins anew.`;
  const written = new Date(writtenAt(newest)).toISOString();
  copyFileSync(newest, damaged);
  return `The file of stack ${name} was cut off, as by a full disk: the copy of ${written} is brought back.`;
}

/** The file that holds a stack's state; undefined: it has none yet. */
export function stateFile({ layout, name }: Stack): string | undefined {
  return filesIn(join(layout.pulumiState, ".pulumi"), "stacks").find((path) =>
    path.endsWith(`/${name}.json`),
  );
}

/** Whether a file is a state to its end. */
function isWhole(path: string): boolean {
  try {
    return checkpoint.safeParse(JSON.parse(readFileSync(path, "utf8"))).success;
  } catch {
    return false;
  }
}

function isOf(path: string, stack: string): boolean {
  return path.split("/").at(-2) === stack && path.endsWith(".json");
}

function writtenAt(path: string): number {
  return statSync(path).mtimeMs;
}

function filesIn(root: string, folder: string): readonly string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => join(path, file));
}
