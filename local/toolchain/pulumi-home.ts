import { link, mkdir, realpath, rename, rm, stat, symlink } from "node:fs/promises";
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
 * already stays.
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
