import assert from "node:assert/strict";
import { imageReference, images, withOwn, type SupportedImage } from "../../components/images";

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

  it("lose their digest with their tag, and keep it in a mirror", () => {
    const pinned = { repository: "docker.io/library/nginx", tag: "1.30.4", digest: "sha256:12", support: "" };
    const mirror = { repository: "mirror.example/nginx" };
    assert.equal(imageReference(withOwn(pinned, mirror)), "mirror.example/nginx:1.30.4@sha256:12");
    assert.equal(imageReference(withOwn(pinned, { tag: "1.30.5" })), "docker.io/library/nginx:1.30.5");
    const whole = { tag: "1.30.5", digest: "sha256:34" };
    assert.equal(imageReference(withOwn(pinned, whole)), "docker.io/library/nginx:1.30.5@sha256:34");
  });
});
