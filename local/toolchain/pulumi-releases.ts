import { appendFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { FetchError, fetchFile, fetchText } from "./fetch-file";
import { runLogged } from "./logged-command";
import type { Kitchen } from "./recipe";

/** Where Pulumi publishes what it releases. */
const officialReleases = "https://get.pulumi.com/releases";

/** What the names of Pulumi's archives call the processors that Node names so. */
const processors: Readonly<Record<string, { readonly cli: string; readonly plugin: string }>> = {
  arm64: { cli: "arm64", plugin: "arm64" },
  x64: { cli: "x64", plugin: "amd64" },
};

/**
 * Fetches programs of the CLI's release.
 *
 * @param programs their names, such as `pulumi`
 * @param releases the address to fetch from
 * @returns whether it could
 */
export async function downloadPulumi(
  version: string,
  programs: readonly string[],
  kitchen: Kitchen,
  releases = officialReleases,
): Promise<boolean> {
  return attempt(kitchen, async (processor) => {
    const archive = `pulumi-v${version}-${platform()}-${processor.cli}.tar.gz`;
    const checksums = await fetchText(`${releases}/sdk/pulumi-${version}-checksums.txt`);
    const line = checksums.split("\n").find((candidate) => candidate.endsWith(`  ${archive}`));
    if (line === undefined) throw new FetchError(`${archive} is not in the list of checksums`);
    // Everything lies in one folder of the archive.
    const members = programs.map((program) => `pulumi/${program}`);
    const [sha256 = ""] = line.split(" ");
    await unpack(`${releases}/sdk/${archive}`, sha256, ["--strip-components=1", ...members], kitchen);
  });
}

/**
 * Fetches resource plugins, of which no checksums are published beside the archives.
 *
 * @param versions the version of each plugin
 * @param releases the address to fetch from
 * @returns whether it could fetch all of them
 */
export async function downloadPlugins(
  versions: Readonly<Record<string, string>>,
  kitchen: Kitchen,
  releases = officialReleases,
): Promise<boolean> {
  return attempt(kitchen, async (processor) => {
    for (const [name, version] of Object.entries(versions)) {
      const program = `pulumi-resource-${name}`;
      const archive = `${program}-v${version}-${platform()}-${processor.plugin}.tar.gz`;
      await unpack(`${releases}/plugins/${archive}`, undefined, [program], kitchen);
    }
  });
}

/** Tries, and notes in the log why it did not work. */
async function attempt(
  kitchen: Kitchen,
  work: (processor: { readonly cli: string; readonly plugin: string }) => Promise<void>,
): Promise<boolean> {
  const processor = processors[arch()];
  if (processor === undefined) return false;
  try {
    await work(processor);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await appendFile(kitchen.log, `No official release: ${reason}\n`);
    return false;
  }
}

async function unpack(
  url: string,
  sha256: string | undefined,
  args: readonly string[],
  kitchen: Kitchen,
): Promise<void> {
  const archive = join(kitchen.scratch, "archive.tar.gz");
  await fetchFile(url, archive, sha256);
  await runLogged({
    program: "tar",
    args: ["-xzf", archive, "-C", kitchen.directory, ...args],
    log: kitchen.log,
  });
}
