import assert from "node:assert/strict";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { loadAll } from "js-yaml";
import { valuesFrom } from "../../render/generated-values";
import { renderStack, type RenderedFiles } from "../../render/rendered-stack";
import { stackNames } from "../../render/stack-config";
import { writeRendered } from "../../render/write-rendered";
import { installCertManagerDefinitions } from "./cert-manager";
import { EngineEnvironment } from "./engine-environment";

const seed = "a seed that is long enough for anything";

describe("rendered manifests on a real API server", function () {
  this.timeout(600_000);
  let engine: EngineEnvironment;
  let folder: string;

  before(async () => {
    engine = await EngineEnvironment.start();
    await installCertManagerDefinitions(engine);
    folder = mkdtempSync(join(tmpdir(), "algorun-rendered-"));
  });

  after(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const stack of stackNames()) {
    it(`are taken, all of them and every field: ${stack}`, async () => {
      const { files } = await renderStack(stack, { generated: valuesFrom(seed), secrets: (key) => key });
      writeRendered(folder, files);
      // Namespaces and kinds have to be there for the rest to be looked at.
      await apply("cluster.yaml");
      await engine.tool("kubectl", "wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
      const others = Object.keys(files).filter((file) => /^(secrets\/)?namespace-/.test(file));
      for (const file of others) {
        const said = await apply(file, "--dry-run=server");
        assert.equal(said.trim().split("\n").length, objectsIn(files, file), said);
      }
      assert.ok(others.length >= 6, others.join(", "));
    });
  }

  async function apply(file: string, ...options: readonly string[]): Promise<string> {
    const args = ["--server-side", "--validate=strict", ...options];
    return engine.tool("kubectl", "apply", ...args, "-f", join(folder, file));
  }
});

function objectsIn(files: RenderedFiles, file: string): number {
  return loadAll(files[file] ?? "").length;
}
