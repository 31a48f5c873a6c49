import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** Files of a package that say what its users must pass on. */
const noticeFile = /^(licen[cs]e|copying|notice)/i;
const rule = "-".repeat(80);

/**
 * What the licences of the packages in a bundle ask to be handed on with it: names, versions, licences and their texts.
 *
 * @param inputs - the files that the bundle is made of, as esbuild lists them
 * @throws Error for a package that states no licence
 */
export function thirdPartyNotices(inputs: Iterable<string>): string {
  const notices = new Map(packagesIn(inputs).map(noticeOf));
  const texts = [...notices].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
  return `Packages of others in this program: ${texts.length}.\n\n${texts.join("\n")}`;
}

/** The folders of the packages that files are of; those of ours are of none. */
export function packagesIn(inputs: Iterable<string>): readonly string[] {
  const folders = [...inputs].flatMap(
    (input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [],
  );
  return [...new Set(folders)];
}

function noticeOf(folder: string): readonly [string, string] {
  const path = resolve(folder);
  const parsed = manifest.safeParse(JSON.parse(readFileSync(join(path, "package.json"), "utf8")));
  if (!parsed.success) throw new Error(`${folder}/package.json states no licence: ${parsed.error.message}`);
  const { name, version, license } = parsed.data;
  const title = `${name} ${version}`;
  const files = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && noticeFile.test(entry.name))
    .map((entry) => readFileSync(join(path, entry.name), "utf8").trim());
  return [title, [rule, title, `Licence: ${license}`, rule, "", ...files, ""].join("\n")];
}
