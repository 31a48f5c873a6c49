import assert from "node:assert/strict";
import { readFileReference, writeFileReference, type FileReference } from "@algorun/common";
import fc from "fast-check";

const text = fc.string({ minLength: 1 });
const reference: fc.Arbitrary<FileReference> = fc.record(
  {
    bucket: text,
    key: text,
    size: fc.maxSafeNat(),
    contentType: fc.string(),
    fileName: fc.string({ unit: "grapheme" }),
    sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  },
  { requiredKeys: ["bucket", "key", "size"], noNullPrototype: true },
);

describe("A reference to a file", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(reference, (given) => {
        assert.deepEqual(readFileReference(writeFileReference(given)), given);
      }),
    );
  });

  it("is none, instead of an error, when a message's value is something else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (value) => {
        assert.equal(readFileReference(Buffer.from(value)), undefined);
      }),
    );
    assert.equal(readFileReference(Buffer.from('{"bucket": "b", "key": "k", "size": -1}')), undefined);
  });
});
