import {
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ZodError, type z } from "zod";
import { UserError } from "./user-error";

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
  return parseJson(readFileSync(path, "utf8"), schema, path);
}

/**
 * Parses JSON and checks its form.
 *
 * @param source where it comes from, for the message.
 * @throws UserError if it is not as expected.
 */
export function parseJson<T>(text: string, schema: z.ZodType<T>, source: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const [issue] = error instanceof ZodError ? error.issues : [];
    const reason = issue ? `${issue.path.join(".")}: ${issue.message}` : "it is not JSON";
    throw new UserError(`${source} is not in the expected form (${reason}).`);
  }
}

/** Removes the files whose name starts so from a folder, which need not exist. */
export function removeFiles(folder: string, prefix: string): void {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  for (const name of names) rmSync(join(folder, name), { force: true });
}

/**
 * Makes a symbolic link, or points an old one to where it should.
 *
 * @param target followed to its end first: it may have been found by this very link.
 */
export function link(target: string, path: string): void {
  const file = realpathSync(target);
  if (readLink(path) === file) return;
  rmSync(path, { force: true });
  symlinkSync(file, path);
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
