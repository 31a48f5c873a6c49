import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RenderedFiles } from "../../render/rendered-stack";
import { goldenStacks, renderGolden } from "./golden-stacks";
import { readGolden } from "./read-golden";

for (const stack of goldenStacks) {
  describe(`rendered stack ${stack}`, function () {
    this.timeout(60_000);
    const folder = join(__dirname, stack);
    let rendered: RenderedFiles;

    before(async () => {
      rendered = await renderGolden(stack);
    });

    it("keeps every URN: one that changes deletes what it names and makes it anew", () => {
      const reviewed = readFileSync(join(folder, "urns.txt"), "utf8").split("\n");
      const current = new Set(rendered["urns.txt"]?.split("\n"));
      assert.deepEqual(
        reviewed.filter((urn) => !current.has(urn)),
        [],
        "These URNs are gone. Give the resources aliases, or take the list over with `make golden`.",
      );
    });

    it("is what was reviewed; `make golden` renders it anew", () => {
      const reviewed = readGolden(folder);
      assert.deepEqual(Object.keys(rendered).sort(), Object.keys(reviewed).sort());
      for (const [file, content] of Object.entries(rendered)) assert.equal(content, reviewed[file], file);
    });

    it("is the same again", async () => {
      assert.deepEqual(await renderGolden(stack), rendered);
    });

    it("shows no secret in clear outside of Secrets", () => {
      const leaking = Object.entries(rendered).filter(
        ([file, content]) => !file.startsWith("secrets/") && content.includes("-result"),
      );
      assert.deepEqual(
        leaking.map(([file]) => file),
        [],
      );
    });
  });
}
