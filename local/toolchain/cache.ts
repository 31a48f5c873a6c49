import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tryLock } from "../process/lock-file";
import type { Progress } from "./progress";
import type { Recipe } from "./recipe";
import type { ToolSource } from "./tool";

/** Pause between two looks at a lock that somebody else has, in milliseconds. */
const lockInterval = 250;

/** The result of a recipe. */
export interface CacheEntry {
  /** Absolute path of the folder that the recipe has filled. */
  readonly directory: string;
  readonly source: Exclude<ToolSource, "path">;
}

/**
 * Where results are kept: outside of the checkout, so that every checkout shares them.
 *
 * @param environment variables ALGORUN_TOOLCHAIN_CACHE and XDG_CACHE_HOME decide, in this order
 */
export function defaultCacheDirectory(environment: NodeJS.ProcessEnv): string {
  const { ALGORUN_TOOLCHAIN_CACHE: own, XDG_CACHE_HOME: caches } = environment;
  if (own !== undefined && own !== "") return own;
  return join(
    caches === undefined || caches === "" ? join(homedir(), ".cache") : caches,
    "algorun",
    "toolchain",
  );
}

/** Keeps what recipes have made. A folder in it is complete or absent: it is filled beside and then renamed. */
export class Cache {
  constructor(private readonly root: string) {}

  /** File that the programs of a recipe, or of another step, write to. */
  logOf(step: string): string {
    return join(this.root, "logs", `${step}.log`);
  }

  /** The folder that the recipe has filled before, if it has. */
  async find(recipe: Recipe): Promise<string | undefined> {
    const directory = await this.directoryOf(recipe);
    return existsSync(directory) ? directory : undefined;
  }

  /**
   * The recipe's result: as it was made before, or else downloaded, or else made now. When two processes
   * ask for the same at once, one makes it and the other waits.
   *
   * @throws UserError if it can't be made; nothing of the attempt is left but the log.
   */
  async obtain(recipe: Recipe, progress: Progress): Promise<CacheEntry> {
    const directory = await this.directoryOf(recipe);
    if (existsSync(directory)) return { directory, source: "cache" };
    const needs: Record<string, string> = {};
    for (const needed of recipe.needs) needs[needed.name] = (await this.obtain(needed, progress)).directory;
    await mkdir(join(this.root, "logs"), { recursive: true });
    const title = `${recipe.title}: ${recipe.method}; log: ${this.logOf(recipe.name)}`;
    return progress.run(title, async () => {
      const lock = `${directory}.lock`;
      while (!tryLock(lock, `make ${recipe.name}`).taken) await delay(lockInterval);
      try {
        // Whoever had the lock may have made it in the meantime.
        if (existsSync(directory)) return { directory, source: "cache" };
        return { directory, source: await this.fill(recipe, directory, needs) };
      } finally {
        await rm(lock, { force: true });
      }
    });
  }

  private async fill(
    recipe: Recipe,
    directory: string,
    needs: Readonly<Record<string, string>>,
  ): Promise<"download" | "build"> {
    const unfinished = `${directory}.unfinished`;
    const log = this.logOf(recipe.name);
    const begin = async (): Promise<{ directory: string; scratch: string }> => {
      await rm(unfinished, { recursive: true, force: true });
      const folders = { directory: join(unfinished, "result"), scratch: join(unfinished, "scratch") };
      for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
      return folders;
    };
    await rm(log, { force: true });
    try {
      let kitchen = { ...(await begin()), log, needs };
      const downloaded = (await recipe.download?.(kitchen)) ?? false;
      if (!downloaded) {
        kitchen = { ...(await begin()), log, needs };
        await recipe.make(kitchen);
      }
      await rename(kitchen.directory, directory);
      return downloaded ? "download" : "build";
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }

  private async directoryOf(recipe: Recipe): Promise<string> {
    return join(this.root, `${recipe.name}-${await keyOf(recipe)}`);
  }

  /** How many recipes of these, and of those that they need, have not been followed yet. */
  async countMissing(recipes: readonly Recipe[]): Promise<number> {
    const missing = new Set<string>();
    const visit = async (recipe: Recipe): Promise<void> => {
      if ((await this.find(recipe)) !== undefined) return;
      missing.add(recipe.name);
      for (const needed of recipe.needs) await visit(needed);
    };
    for (const recipe of recipes) await visit(recipe);
    return missing.size;
  }
}

/** Changes whenever anything that decides the result does. */
async function keyOf(recipe: Recipe): Promise<string> {
  const needs = await Promise.all(recipe.needs.map(keyOf));
  const parts = [process.platform, process.arch, ...needs, ...(await recipe.ingredients())];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
