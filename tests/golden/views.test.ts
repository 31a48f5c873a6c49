import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderViews } from "./rendered-views";
import type { RenderedFiles } from "../../render/rendered-stack";

const folder = join(__dirname, "views");

describe("what make graph and make explain show", function () {
  this.timeout(60_000);
  let rendered: RenderedFiles;

  before(async () => {
    rendered = await renderViews();
  });

  it("is what was reviewed; `make golden` renders it anew", () => {
    assert.deepEqual(Object.keys(rendered).sort(), readdirSync(folder).sort());
    for (const [file, content] of Object.entries(rendered)) {
      assert.equal(content, readFileSync(join(folder, file), "utf8"), file);
    }
  });

  it("is the same again", async () => {
    assert.deepEqual(await renderViews(), rendered);
  });
});
