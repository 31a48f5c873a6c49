import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Cache, defaultCacheDirectory } from "../../local/toolchain/cache";
import { Progress } from "../../local/toolchain/progress";
import { countedRecipe, RecordedOutput, TemporaryFolder } from "./fakes";

/** What a cache holds beside its logs. */
function entriesOf(root: string): readonly string[] {
  return readdirSync(root).filter((name) => name !== "logs");
}

describe("tool cache", () => {
  const temporary = new TemporaryFolder();
  const progress = new Progress(new RecordedOutput(), 1);
  let root: string;
  let cache: Cache;

  beforeEach(async function () {
    root = await temporary.folder(`cache-${entriesOf(temporary.path).length}`);
    cache = new Cache(root);
  });

  after(() => {
    temporary.remove();
  });

  it("keeps what a recipe has made", async () => {
    const recipe = countedRecipe();
    const first = await cache.obtain(recipe, progress);
    const second = await new Cache(root).obtain(recipe, progress);
    assert.deepEqual([first.source, second.source], ["build", "cache"]);
    assert.equal(second.directory, first.directory);
    assert.ok(existsSync(join(first.directory, "tool")));
    assert.equal(recipe.made(), 1);
  });

  it("makes it anew when an ingredient has changed", async () => {
    const { directory } = await cache.obtain(countedRecipe(), progress);
    const changed = await cache.obtain(
      countedRecipe({ ingredients: () => Promise.resolve(["1.0.1"]) }),
      progress,
    );
    assert.equal(changed.source, "build");
    assert.notEqual(changed.directory, directory);
  });

  it("makes it anew when an ingredient of a recipe that it needs has changed", async () => {
    const needed = (version: string): ReturnType<typeof countedRecipe> =>
      countedRecipe({ name: "needed", ingredients: () => Promise.resolve([version]) });
    const before = await cache.obtain(countedRecipe({ needs: [needed("1")] }), progress);
    const after = await cache.obtain(countedRecipe({ needs: [needed("2")] }), progress);
    assert.notEqual(after.directory, before.directory);
  });

  it("has nothing after a failure but the log", async () => {
    const failing = countedRecipe({
      make: async ({ directory, log }) => {
        await writeFile(join(directory, "tool"), "half");
        await writeFile(log, "it was like this");
        throw new Error("no room");
      },
    });
    await assert.rejects(cache.obtain(failing, progress), /no room/);
    assert.deepEqual(entriesOf(root), []);
    assert.equal(readFileSync(cache.logOf(failing.name), "utf8"), "it was like this");
  });

  it("does not take what a killed process has left for a tool", async () => {
    const recipe = countedRecipe();
    const { directory } = await new Cache(await temporary.folder("elsewhere")).obtain(recipe, progress);
    const name = directory.slice(directory.lastIndexOf("/") + 1);
    const left = join(root, `${name}.unfinished`, "result");
    await mkdir(left, { recursive: true });
    writeFileSync(join(left, "half"), "");
    const { pid } = spawnSync("true");
    const dead = { pid, startTime: "long ago", command: "make fake" };
    writeFileSync(join(root, `${name}.lock`), JSON.stringify(dead));

    const made = await cache.obtain(recipe, progress);
    assert.equal(made.source, "build");
    assert.deepEqual(readdirSync(made.directory), ["tool"]);
    assert.deepEqual(entriesOf(root), [name]);
  });

  it("makes it once when it is asked for twice at the same time", async () => {
    const recipe = countedRecipe();
    const both = await Promise.all([
      cache.obtain(recipe, progress),
      new Cache(root).obtain(recipe, progress),
    ]);
    assert.deepEqual(both.map(({ source }) => source).sort(), ["build", "cache"]);
    assert.equal(recipe.made(), 1);
  });

  it("prefers a download, and throws its remains away if it fails", async () => {
    const downloaded = countedRecipe({ download: () => Promise.resolve(true) });
    assert.equal((await cache.obtain(downloaded, progress)).source, "download");
    assert.equal(downloaded.made(), 0);

    const refused = countedRecipe({
      name: "refused",
      download: async ({ directory }) => {
        await writeFile(join(directory, "part"), "");
        return false;
      },
    });
    const { directory, source } = await cache.obtain(refused, progress);
    assert.equal(source, "build");
    assert.deepEqual(readdirSync(directory), ["tool"]);
  });

  it("tells what is made, where its log is and how it ended", async () => {
    const output = new RecordedOutput();
    const recipe = countedRecipe({ needs: [countedRecipe({ name: "needed", title: "Needed tool" })] });
    const total = await cache.countMissing([recipe]);
    await cache.obtain(recipe, new Progress(output, total));
    assert.deepEqual(output.text.replaceAll(/done in \d+s/g, "done in N").split("\n"), [
      `[1/2] Needed tool: making it; log: ${cache.logOf("needed")}`,
      "      done in N",
      `[2/2] Fake tool: making it; log: ${cache.logOf("fake")}`,
      "      done in N",
      "",
    ]);
    assert.equal(await cache.countMissing([recipe]), 0);
  });

  it("lies outside of the checkout, where the environment says", () => {
    assert.equal(defaultCacheDirectory({ ALGORUN_TOOLCHAIN_CACHE: "/a", XDG_CACHE_HOME: "/b" }), "/a");
    assert.equal(defaultCacheDirectory({ XDG_CACHE_HOME: "/b" }), "/b/algorun/toolchain");
    assert.match(defaultCacheDirectory({}), /\/\.cache\/algorun\/toolchain$/);
  });
});
