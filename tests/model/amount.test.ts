import assert from "node:assert/strict";
import fc from "fast-check";
import { amountOf, bytesText, countText, unit } from "../../pipelines/model/values/amount";

const given: readonly (readonly [quantity: string | number, thousandths: bigint])[] = [
  ["0", 0n],
  ["500m", 500n],
  ["1.5", 1500n],
  [2, 2000n],
  [0.25, 250n],
  ["1k", 1_000_000n],
  ["2Ki", 2_048_000n],
  ["0.5Gi", 536_870_912_000n],
  ["3e2", 300_000n],
  ["1E", 1_000_000_000_000_000_000_000n],
  ["0.0001", 1n],
  ["0.5m", 1n],
];

describe("an amount", () => {
  for (const [quantity, thousandths] of given) {
    it(`is ${thousandths} thousandths for ${JSON.stringify(quantity)}`, () => {
      assert.equal(amountOf(quantity), thousandths);
    });
  }

  it("is written in the largest unit of which it is a whole number", () => {
    const bytes = ["1023", "1Ki", "1536Mi", "2Gi", "1Ti", "0"];
    assert.deepEqual(
      bytes.map((text) => bytesText(amountOf(text))),
      bytes,
    );
    assert.equal(bytesText(amountOf("2048Mi")), "2Gi");
    assert.equal(bytesText(amountOf(5_000_000)), "5Mi");
    assert.deepEqual(
      ["2", "1500m", "1m"].map((text) => countText(amountOf(text))),
      ["2", "1500m", "1m"],
    );
  });

  it("is written as one that is not less, and hardly more", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 70n }), (thousandths) => {
        const written = amountOf(bytesText(thousandths));
        assert.ok(written >= thousandths);
        assert.ok(written - thousandths < 1024n ** 2n * unit);
        assert.equal(amountOf(countText(thousandths)), thousandths);
      }),
    );
  });
});
