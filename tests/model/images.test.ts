import assert from "node:assert/strict";
import { broken, planOf, problemsOf } from "./documents-under-test";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const stated = 'ghcr.io/acme/upper-case, tag: "1.0.0"';

describe("an image of a document", () => {
  const references: readonly (readonly [what: string, image: string, reference: string])[] = [
    ["a tag", stated, "ghcr.io/acme/upper-case:1.0.0"],
    ["a digest", `"ghcr.io/acme/upper-case@${digest}"`, `ghcr.io/acme/upper-case@${digest}`],
    ["both", `"ghcr.io/acme/upper-case@${digest}", tag: "1.0.0"`, `ghcr.io/acme/upper-case:1.0.0@${digest}`],
    [
      "the port of its registry",
      `"registry.example:5000/upper-case@${digest}", tag: "1.0.0"`,
      `registry.example:5000/upper-case:1.0.0@${digest}`,
    ],
  ];
  for (const [what, image, reference] of references) {
    it(`has ${what}`, () => {
      const text = broken(stated, image);
      assert.deepEqual(problemsOf(text), []);
      const images = planOf(text).components.flatMap((each) =>
        each.kind === "algo" ? each.image.reference : [],
      );
      assert.deepEqual(images, [reference]);
    });
  }
});
