import assert from "node:assert/strict";
import { images, type SupportedImage } from "../../components/images";

const pinned: readonly (readonly [string, SupportedImage])[] = Object.entries(images);

describe("the pinned images", () => {
  it("say where their makers say what they support", () => {
    for (const [name, { source, support }] of pinned) {
      assert.equal(new URL(source).protocol, "https:", name);
      assert.notEqual(support, "", name);
    }
  });

  it("name the month of the last fixes wherever their makers do", () => {
    for (const [name, { support, supportedUntil }] of pinned) {
      const year = /until (?:\w+ )?(\d{4})/.exec(support)?.[1];
      assert.equal(supportedUntil?.slice(0, 4), year, name);
      assert.match(supportedUntil ?? "2030-01", /^20\d\d-(0[1-9]|1[0-2])$/, name);
    }
  });

  // It fails when the month has come: then it is time for another version.
  it("are all supported this month", () => {
    const month = new Date().toISOString().slice(0, 7);
    const over = pinned.filter(([, { supportedUntil = month }]) => supportedUntil < month);
    assert.deepEqual(
      over.map(([name]) => name),
      [],
    );
  });
});
