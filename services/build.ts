import { existsSync, readdirSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { thirdPartyNotices } from "./third-party-notices";

/** The services that can be started, by the names of their folders: those that have a `main.ts`. */
export const serviceNames: readonly string[] = readdirSync(__dirname)
  .filter((name) => existsSync(join(__dirname, name, "main.ts")))
  .sort();

/** Puts the program text that a library reads from beside itself into the one file. */
const inlineWasm: Plugin = {
  name: "inline-wasm",
  setup(bundling) {
    bundling.onLoad({ filter: /@platformatic[/\\]wasm-utils[/\\]dist[/\\]index\.js$/ }, async ({ path }) => {
      const wasm = await readFile(join(path, "..", "native.wasm"), "base64");
      const read = /readFileSync\(new URL\([^)]*\)\)/;
      const text = await readFile(path, "utf8");
      if (!read.test(text)) throw new Error(`${path} reads its program text in another way than it did`);
      return { contents: text.replace(read, `Buffer.from("${wasm}", "base64")`) };
    });
  },
};

/**
 * Makes one file of a service, with all that it needs, beside it the source map, what is read at run time, and the
 * licences of what is in it.
 *
 * @returns the file to start with Node
 */
export async function buildService(name: string): Promise<string> {
  const folder = join(__dirname, name);
  const outfile = join(folder, "dist", `${name}.cjs`);
  const { metafile } = await build({
    entryPoints: [join(folder, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    // The oldest Node that package.json allows.
    target: "node20.19",
    sourcemap: true,
    // Errors name files and lines; the sources themselves would double what an image holds.
    sourcesContent: false,
    metafile: true,
    // Names of classes stand in logs.
    keepNames: true,
    plugins: [inlineWasm],
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    // Into a file of its own, since some packages say it there and nowhere else.
    legalComments: "external",
    logLevel: "warning",
  });
  const notices = thirdPartyNotices(Object.keys(metafile.inputs));
  await writeFile(join(folder, "dist", "THIRD-PARTY-NOTICES.txt"), notices);
  const protocols = readdirSync(folder).filter((file) => file.endsWith(".proto"));
  await Promise.all(protocols.map((file) => cp(join(folder, file), join(folder, "dist", file))));
  return outfile;
}

async function buildAll(): Promise<void> {
  for (const name of serviceNames) console.log(await buildService(name));
}

if (require.main === module) void buildAll();
