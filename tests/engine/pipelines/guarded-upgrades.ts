import assert from "node:assert/strict";
import { z } from "zod";
import type { EngineEnvironment } from "../engine-environment";

const claim = z.object({ metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }) });

/** Versions that could not read what is in the volumes. */
export function guardedUpgrades(started: () => EngineEnvironment): void {
  describe("an unsafe jump of a version, on a real cluster", () => {
    let engine: EngineEnvironment;

    before(async () => {
      engine = started();
      engine.clearDocuments();
      await engine.up();
    });

    after(() => {
      engine.configure({ "algorun:images": {} });
    });

    it("is refused by the preview with the reason and the way, and changes nothing", async () => {
      const claims = await volumeClaims();
      engine.configure({ "algorun:images": { postgresql: { tag: "19.0" }, kafka: { tag: "4.2.0" } } });
      for (const [command, ...options] of [["preview"], ["up", "--yes", "--skip-preview"]] as const) {
        const { exitCode, output } = await engine.pulumi(command, ...options);
        assert.notEqual(exitCode, 0);
        assert.match(
          output,
          /images\.(postgresql: found postgresql 19\.0|kafka: found kafka 4\.2\.0), where the volumes/,
        );
        assert.match(output, /docs\/operations\.md, Upgrades/);
      }
      engine.configure({ "algorun:images": {} });
      await engine.up("--expect-no-changes");
      assert.deepEqual(await volumeClaims(), claims);
    });

    it("is taken when the volumes are ready for it", async () => {
      engine.configure({ "algorun:images": { postgresql: { tag: "19.0" } } });
      await engine.up("--replace", "**::sql-data-format");
      await engine.up("--expect-no-changes");
      assert.deepEqual((await engine.availability()).waiting, []);
    });

    async function volumeClaims(): Promise<readonly string[]> {
      const found = await engine.objects(claim, "persistentvolumeclaims", "-A");
      return found.map(({ metadata: { namespace, name, uid } }) => `${namespace}/${name} ${uid}`).sort();
    }
  });
}
