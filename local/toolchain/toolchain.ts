import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../user-error";
import { Cache, defaultCacheDirectory } from "./cache";
import { installDebianPackages } from "./debian-packages";
import { toolDefinitions, type ToolDefinition } from "./definitions";
import { Progress, type ProgressOutput } from "./progress";
import type { Tool, ToolName } from "./tool";

/** Settings that tests change; everybody else takes the defaults. */
export interface ResolveOptions {
  /** Where results are kept. @default the directory of `defaultCacheDirectory` */
  readonly cacheDirectory?: string;
  /** Where programs are looked for. @default the environment's PATH */
  readonly path?: string;
  /** Where progress goes. @default standard error */
  readonly output?: ProgressOutput;
  /** How tools are had. @default those of definitions.ts */
  readonly definitions?: Readonly<Partial<Record<ToolName, ToolDefinition>>>;
}

/**
 * Makes sure that tools can be run, and says where they are. Each is taken from the PATH if it is good
 * enough there, else as an earlier run has left it in the cache, else from its official release if that
 * can be reached, else built from published sources. A person sees what takes long and where its log is.
 *
 * @throws UserError if a tool can't be had: it says what is missing or where the log is
 */
export async function resolveTools<N extends ToolName>(
  names: readonly N[],
  options: ResolveOptions = {},
): Promise<Readonly<Record<N, Tool>>> {
  const path = options.path ?? process.env["PATH"] ?? "";
  const cache = new Cache(options.cacheDirectory ?? defaultCacheDirectory(process.env));
  const wanted = [...new Set(names)].map((name) => {
    const definition = (options.definitions ?? toolDefinitions)[name];
    if (definition === undefined) throw new Error(`There is no definition of ${name}.`);
    return { name, definition };
  });

  const tools = new Map<ToolName, Tool>();
  for (const { name, definition } of wanted) {
    const tool = await findInstalled(name, definition, path);
    if (tool) tools.set(name, tool);
  }
  const rest = wanted.filter(({ name }) => !tools.has(name));
  const lacking = rest.flatMap(({ definition }) => definition.prerequisite ?? []);
  if (lacking.length > 0) throw new UserError(lacking.join("\n"));

  const recipes = new Set(rest.flatMap(({ definition }) => definition.made?.recipe ?? []));
  const packages = [...new Set(rest.flatMap(({ definition }) => definition.packages ?? []))].sort();
  const steps = (await cache.countMissing([...recipes])) + (packages.length > 0 ? 1 : 0);
  const progress = new Progress(options.output ?? process.stderr, steps);
  if (packages.length > 0) await installPackages(packages, cache, progress);
  for (const { name, definition } of rest) {
    tools.set(name, await provide(name, definition, { cache, path, progress }));
  }
  return recordOf(names, tools);
}

async function findInstalled(
  name: ToolName,
  definition: ToolDefinition,
  path: string,
): Promise<Tool | undefined> {
  const found = await definition.installed?.(path);
  return found && { name, ...found, source: "path" };
}

interface Means {
  readonly cache: Cache;
  readonly path: string;
  readonly progress: Progress;
}

async function provide(name: ToolName, definition: ToolDefinition, means: Means): Promise<Tool> {
  const { made } = definition;
  if (made === undefined) {
    const tool = await findInstalled(name, definition, means.path);
    if (tool) return { ...tool, source: "download" };
    const packages = (definition.packages ?? []).join(", ");
    throw new UserError(`${name} is not on the PATH, although the packages ${packages} are installed.`);
  }
  const { directory, source } = await means.cache.obtain(made.recipe, means.progress);
  return { name, version: made.version, path: join(directory, made.file), source };
}

async function installPackages(packages: readonly string[], cache: Cache, progress: Progress): Promise<void> {
  const log = cache.logOf("debian-packages");
  await mkdir(dirname(log), { recursive: true });
  const title = `Debian packages ${packages.join(", ")}: installing (about 1 min); log: ${log}`;
  await progress.run(title, () => installDebianPackages(packages, log));
}

function recordOf<N extends ToolName>(
  names: readonly N[],
  tools: ReadonlyMap<ToolName, Tool>,
): Readonly<Record<N, Tool>> {
  const record: Partial<Record<N, Tool>> = {};
  for (const name of names) record[name] = tools.get(name);
  if (!isComplete(record, names)) throw new Error("A tool was neither found nor made.");
  return record;
}

function isComplete<N extends ToolName>(
  record: Partial<Record<N, Tool>>,
  names: readonly N[],
): record is Record<N, Tool> {
  return names.every((name) => record[name] !== undefined);
}
