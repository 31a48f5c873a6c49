import assert from "node:assert/strict";
import { join } from "node:path";
import { toolDefinitions, type ToolDefinition } from "../../local/toolchain/definitions";
import { installedProgram } from "../../local/toolchain/installed-tools";
import { languageHostName, pulumiVersion } from "../../local/toolchain/pulumi-programs";
import type { ToolName } from "../../local/toolchain/tool";
import { resolveTools } from "../../local/toolchain/toolchain";
import { countedRecipe, RecordedOutput, TemporaryFolder, writeProgram } from "./fakes";

describe("resolveTools", () => {
  const temporary = new TemporaryFolder();
  const cacheDirectory = join(temporary.path, "cache");
  const output = new RecordedOutput();

  after(() => {
    temporary.remove();
  });

  /** kubectl, wanted in version 2 or newer. */
  function kubectl(): { readonly definition: ToolDefinition; readonly made: () => number } {
    const recipe = countedRecipe();
    const installed = installedProgram(["kubectl"], { args: ["version"], accepts: ([major]) => major >= 2 });
    return { definition: { installed, made: { recipe, file: "tool", version: "2.1.0" } }, made: recipe.made };
  }

  it("takes what is on the PATH if it is new enough", async () => {
    const path = await temporary.folder("new");
    const program = await writeProgram(path, "kubectl", 'echo "Client Version: v2.3.4"');
    const { definition, made } = kubectl();
    const tools = await resolveTools(["kubectl"], {
      path,
      cacheDirectory,
      output,
      definitions: { kubectl: definition },
    });
    assert.deepEqual(tools, {
      kubectl: { name: "kubectl", version: "2.3.4", path: program, source: "path" },
    });
    assert.equal(made(), 0);
  });

  for (const [what, script] of [
    ["is too old", 'echo "Client Version: v1.9.9"'],
    ["does not tell its version", "exit 1"],
  ] as const) {
    it(`makes its own if what is on the PATH ${what}`, async () => {
      const path = await temporary.folder(what);
      await writeProgram(path, "kubectl", script);
      const { definition, made } = kubectl();
      const cache = await temporary.folder(`cache, ${what}`);
      const options = { path, cacheDirectory: cache, output, definitions: { kubectl: definition } };
      const tools = await resolveTools(["kubectl"], options);
      assert.deepEqual([tools.kubectl.version, tools.kubectl.source], ["2.1.0", "build"]);
      assert.equal(made(), 1);
      assert.equal((await resolveTools(["kubectl"], options)).kubectl.source, "cache");
    });
  }

  it("takes a Pulumi CLI only if it is as new as the SDK and has its language host", async () => {
    const find = async (name: string, version: string, host: boolean): Promise<boolean> => {
      const path = await temporary.folder(name);
      await writeProgram(path, "pulumi", `echo v${version}`);
      if (host) await writeProgram(path, languageHostName, "true");
      return (await toolDefinitions.pulumi.installed?.(path)) !== undefined;
    };
    assert.equal(await find("same", pulumiVersion, true), true);
    assert.equal(await find("newer", "3.9999.0", true), true);
    assert.equal(await find("older", "3.100.0", true), false);
    assert.equal(await find("next major", "4.0.0", true), false);
    assert.equal(await find("without a host", pulumiVersion, false), false);
  });

  it("takes a linter only in the minor version whose findings are known", async () => {
    const find = async (version: string): Promise<boolean> => {
      const path = await temporary.folder(`kube-score ${version}`);
      await writeProgram(path, "kube-score", `echo "kube-score version: ${version}, commit: none"`);
      return (await toolDefinitions["kube-score"].installed?.(path)) !== undefined;
    };
    assert.equal(await find("1.20.3"), true);
    assert.equal(await find("1.21.0"), false);
    assert.equal(await find("1.19.0"), false);
    assert.equal(await find("development"), false);
  });

  it("names the prerequisite that is missing, before anything is made", async () => {
    const path = await temporary.folder("old java");
    await writeProgram(path, "java", `echo 'openjdk version "11.0.2" 2019-01-15' >&2`);
    const { definition, made } = kubectl();
    const definitions = { java: toolDefinitions.java, kubectl: definition };
    await assert.rejects(
      resolveTools(["kubectl", "java"], { path, cacheDirectory, output, definitions }),
      /^UserError: Java 17 or newer is needed to run Kafka, and `java` on the PATH is older or missing\./,
    );
    assert.equal(made(), 0);
  });

  it("knows how to get every tool", () => {
    for (const [name, definition] of Object.entries(toolDefinitions)) {
      const ways = [definition.made, definition.packages, definition.prerequisite];
      assert.ok(
        ways.some((way) => way !== undefined),
        `${name} can't be had where it is not installed`,
      );
    }
  });

  it("makes what two tools share once", async () => {
    const recipe = countedRecipe();
    const made = { recipe, file: "tool", version: "1.0.0" };
    const definitions: Partial<Record<ToolName, ToolDefinition>> = {
      kubectl: { made },
      "control-plane": { made },
    };
    const cache = await temporary.folder("cache, shared");
    const shared = new RecordedOutput();
    const options = { path: "", cacheDirectory: cache, output: shared, definitions };
    const tools = await resolveTools(["kubectl", "control-plane"], options);
    assert.equal(tools.kubectl.path, tools["control-plane"].path);
    assert.equal(recipe.made(), 1);
    assert.match(shared.text, /^\[1\/1\] /);
  });
});
