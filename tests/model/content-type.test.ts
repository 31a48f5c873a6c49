import assert from "node:assert/strict";
import { isCompatible } from "../../pipelines/model/link/content-type";

const table: readonly (readonly [output: string | undefined, accepted: readonly string[], want: boolean])[] =
  [
    ["text/plain", ["text/plain"], true],
    ["text/plain", ["application/json", "text/plain"], true],
    ["text/plain", ["application/json"], false],
    ["text/any", ["text/any"], true],
    ["text/plain", ["text/any"], true],
    ["text/any", ["text/plain"], true],
    ["text/plain", ["text/*"], true],
    ["text/plain", ["audio/*"], false],
    ["image/png", ["*/*"], true],
    ["image/png", ["any/any"], true],
    ["Text/Plain; charset=utf-8", ["TEXT/plain"], true],
    ["Text", ["text/plain"], true],
    ["Text", ["image/png"], false],
    [undefined, ["image/png"], true],
    ["image/png", [], true],
  ];

describe("content types", () => {
  for (const [output, accepted, want] of table) {
    it(`${output ?? "not stated"} ${want ? "fits" : "does not fit"} an input for ${JSON.stringify(accepted)}`, () => {
      assert.equal(isCompatible(output, accepted), want);
    });
  }
});
