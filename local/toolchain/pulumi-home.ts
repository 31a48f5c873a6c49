import { existsSync } from "node:fs";
import { link, mkdir, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "./tool";

/** The providers that go into a PULUMI_HOME, as `resolveTools` returns them. */
export interface ProviderTools {
  readonly "kubernetes-provider": Tool;
  readonly "kafka-provider": Tool;
  readonly "random-provider": Tool;
}

/**
 * Puts the providers into a PULUMI_HOME as `pulumi plugin install` would, so that the engine finds
 * exactly the versions that the SDKs ask for and has nothing to download or to warn of. What is there
 * already stays. The CLI writes no debug logs there, unless their folder is there already.
 *
 * @param directory the PULUMI_HOME, made if it does not exist
 */
export async function preparePulumiHome(directory: string, tools: ProviderTools): Promise<void> {
  const providers = {
    kubernetes: tools["kubernetes-provider"],
    kafka: tools["kafka-provider"],
    random: tools["random-provider"],
  };
  for (const [name, { path, version }] of Object.entries(providers)) {
    const folder = join(directory, "plugins", `resource-${name}-v${version}`);
    await mkdir(folder, { recursive: true });
    // A provider may be one program under several names: link the program, and let this name call it.
    await linkProgram(await realpath(path), join(folder, `pulumi-resource-${name}`));
  }
  await preventLogs(join(directory, "logs"));
}

/**
 * The CLI writes a debug log of each command, some 10 MB for an update, which takes more than half of its CPU time
 * (docs/performance.md). No setting turns that off (pulumi/pulumi#23731), but it goes without where it can't make the folder.
 */
async function preventLogs(path: string): Promise<void> {
  if (existsSync(path)) return;
  await writeFile(
    path,
    "Keeps Pulumi from writing debug logs, which makes it slow. To have them, put a folder here.\n",
  );
}

/** A hard link lasts when the cache is cleared; a symbolic one is for another file system. */
async function linkProgram(program: string, path: string): Promise<void> {
  if (await isSameFile(program, path)) return;
  const unfinished = `${path}.${process.pid}`;
  await rm(unfinished, { force: true });
  await link(program, unfinished).catch(() => symlink(program, unfinished));
  await rename(unfinished, path);
}

async function isSameFile(program: string, path: string): Promise<boolean> {
  try {
    const [wanted, found] = await Promise.all([stat(program), stat(path)]);
    return wanted.dev === found.dev && wanted.ino === found.ino;
  } catch {
    return false;
  }
}
