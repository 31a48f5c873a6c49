import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anyPlatform } from "../../pipelines/commands/any-platform";
import { loadPlans } from "../../pipelines/model/plan-pipelines";
import { renderExamples } from "./rendered-examples";
import type { RenderedFiles } from "../../render/rendered-stack";

const folder = join(__dirname, "examples");
const documents = "pipelines/examples";

describe("the rendered examples", function () {
  this.timeout(60_000);
  let rendered: RenderedFiles;

  before(async () => {
    rendered = await renderExamples();
  });

  it("are what was reviewed; `make golden` renders them anew", () => {
    assert.deepEqual(Object.keys(rendered).sort(), readdirSync(folder).sort());
    for (const [file, content] of Object.entries(rendered)) {
      assert.equal(content, readFileSync(join(folder, file), "utf8"), file);
    }
  });

  it("show no secret in clear outside of Secrets", () => {
    const objects = Object.values(rendered).flatMap((content) => content.split("\n---\n"));
    const leaking = objects.filter(
      (text) => text.includes("-result") && !/^# (kubernetes:core\/v1:Secret|kafka:)/.test(text),
    );
    assert.deepEqual(
      leaking.map((text) => text.split("\n")[0]),
      [],
    );
  });
});

describe("the examples", () => {
  it("have neither errors nor warnings", () => {
    assert.deepEqual(loadPlans([documents], anyPlatform).problems, []);
  });

  for (const file of readdirSync(documents)) {
    it(`say what ${file} shows, and tell editors its schema`, () => {
      const [schema, ...lines] = readFileSync(join(documents, file), "utf8").split("\n");
      assert.equal(schema, "# yaml-language-server: $schema=../schema/document.json");
      const comment = lines.slice(
        0,
        lines.findIndex((line) => !line.startsWith("#")),
      );
      assert.ok(comment.length >= 5, `${file} begins with ${comment.length} lines of comment`);
    });

    // A file that needs another could not be copied and changed.
    it(`stands alone: ${file}`, () => {
      assert.deepEqual(loadPlans([join(documents, file)], anyPlatform).problems, []);
    });
  }
});
