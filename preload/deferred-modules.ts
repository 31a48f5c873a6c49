import Module, { createRequire } from "node:module";

/*
 * Pulumi's SDK loads the compiler of TypeScript and npm's Arborist at its start, for programs with functions that it has to
 * serialize: dynamic providers, callbacks of Lambda. This program has none, and they took a quarter of the CPU time of its
 * start, and 90 MiB. Whoever uses one has it loaded at that moment.
 */
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi"));

/** What is known of each without loading it: what calls itself an ES module is not copied whole by whoever imports it. */
const deferred: Readonly<Record<string, object>> = {
  typescript: {},
  "@npmcli/arborist": { __esModule: true },
};

for (const [name, known] of Object.entries(deferred)) {
  const file = installed(name);
  if (file === undefined) continue;
  const placeholder = new Module(file);
  const load = (): object => {
    if (sdkRequire.cache[file] === placeholder) sdkRequire.cache[file] = undefined;
    const loaded: unknown = sdkRequire(name);
    if ((typeof loaded !== "object" && typeof loaded !== "function") || loaded === null)
      throw new Error(`${name} exports nothing`);
    return loaded;
  };
  placeholder.exports = new Proxy(known, {
    get: (target, key): unknown => Reflect.get(key in target ? target : load(), key),
    has: (target, key) => Reflect.has(key in target ? target : load(), key),
  });
  placeholder.loaded = true;
  sdkRequire.cache[file] = placeholder;
}

/** The SDK takes a compiler of its own where the program has none, as with `npm ci --omit=dev`. */
function installed(name: string): string | undefined {
  try {
    return sdkRequire.resolve(name);
  } catch {
    return undefined;
  }
}
