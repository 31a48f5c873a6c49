import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Longest wait for a program to tell its version, in milliseconds. */
const versionLimit = 20_000;

/** A released version: major, minor and patch. */
export type Version = readonly [number, number, number];

/** Folders in which servers lie that Debian does not put on the PATH of an ordinary user. */
function serverFolders(): readonly string[] {
  const postgresql = "/usr/lib/postgresql";
  let releases: readonly string[] = [];
  try {
    releases = readdirSync(postgresql).sort((a, b) => Number(b) - Number(a));
  } catch {
    // It is not installed, or not Debian's.
  }
  return [
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    ...releases.map((release) => join(postgresql, release, "bin")),
  ];
}

/**
 * Looks for a program as a shell does, and then where servers are.
 *
 * @param path the value of PATH
 * @returns its path, or undefined if there is none that may be executed
 */
export function findProgram(name: string, path: string): string | undefined {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ""), ...serverFolders()];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Whether there is a file that may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Asks a program for its version.
 *
 * @param args what makes it tell, such as `["version"]`
 * @returns the first version in what it says; undefined if it says none or fails
 */
export async function askVersion(program: string, args: readonly string[]): Promise<Version | undefined> {
  try {
    const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout, stderr } = await execute(program, args, { timeout: versionLimit, env: environment });
    return parseVersion(`${stdout}\n${stderr}`);
  } catch {
    return undefined;
  }
}

/** The first version in a text; a missing minor or patch counts as 0. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
}

/** Negative if `a` is older than `b`, positive if it is newer, 0 if both are the same. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** A version as it is written. */
export function formatVersion(version: Version): string {
  return version.join(".");
}
