import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderStack, type RenderedStack } from "./rendered-stack";

describe("rendered stack dev", function () {
  this.timeout(60_000);
  const folder = join(__dirname, "dev");
  let rendered: RenderedStack;

  before(async () => {
    rendered = await renderStack("dev");
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
    assert.deepEqual(Object.keys(rendered).sort(), readdirSync(folder).sort());
    for (const [file, content] of Object.entries(rendered)) {
      assert.equal(content, readFileSync(join(folder, file), "utf8"), file);
    }
  });

  it("shows no secret in clear outside of Secrets", () => {
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
