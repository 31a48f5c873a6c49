import { existsSync, readdirSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

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
 * Makes one file of a service, with all that it needs, beside it the source map and what is read at run time.
 *
 * @returns the file to start with Node
 */
export async function buildService(name: string): Promise<string> {
  const folder = join(__dirname, name);
  const outfile = join(folder, "dist", `${name}.cjs`);
  await build({
    entryPoints: [join(folder, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    // The oldest Node that package.json allows.
    target: "node20.19",
    sourcemap: true,
    // Names of classes stand in logs.
    keepNames: true,
    plugins: [inlineWasm],
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    legalComments: "none",
    logLevel: "warning",
  });
  const protocols = readdirSync(folder).filter((file) => file.endsWith(".proto"));
  await Promise.all(protocols.map((file) => cp(join(folder, file), join(folder, "dist", file))));
  return outfile;
}

async function buildAll(): Promise<void> {
  for (const name of serviceNames) console.log(await buildService(name));
}

if (require.main === module) void buildAll();
