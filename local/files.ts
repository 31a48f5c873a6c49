import {
  existsSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { UserError } from "./user-error";
import type { z } from "zod";

/** Writes a private file so that a reader sees the old content or the new, never half of it. */
export function writePrivate(path: string, content: string, mode = 0o600): void {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, path);
}

/**
 * Reads a JSON file of our own and checks its form.
 *
 * @returns undefined if there is no such file.
 * @throws UserError if the file was damaged.
 */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new UserError(
      `${path} can't be read: it is not what \`make up\` wrote. Remove it and run \`make up\` again.`,
    );
  }
}

/** Makes a symbolic link, or points an old one to where it should. */
export function link(target: string, path: string): void {
  try {
    if (readlinkSync(path) === target) return;
  } catch {
    // There is none yet.
  }
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
