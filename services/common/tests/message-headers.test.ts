import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeHeaders, encodeHeaders, messageDataTypes, type MessageHeaders } from "@algorun/common";

const text = fc.string({ minLength: 1 });
const count = fc.nat();

const anyHeaders: fc.Arbitrary<MessageHeaders> = fc.record(
  {
    traceID: text,
    messageID: text,
    run: text,
    contentType: text,
    fileName: text,
    messageDataType: fc.constantFrom(...messageDataTypes),
    endpointParams: fc.dictionary(
      text.filter((name) => name !== "__proto__"),
      text,
      { noNullPrototype: true },
    ),
    retryRun: text,
    retryStepIndex: count,
    retryNum: count,
    retryTimestamp: count,
    traceparent: text,
    tracestate: text,
    others: fc.array(
      fc.tuple(
        fc.constantFrom("x-tenant", "color"),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
      {
        maxLength: 3,
      },
    ),
  },
  { requiredKeys: ["others"], noNullPrototype: true },
);

describe("Headers of a message", () => {
  it("are read as they were written, with unknown ones passed on in their order", () => {
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        assert.deepEqual(decodeHeaders(encodeHeaders(headers)), headers);
      }),
    );
  });

  it("never fail to be read, whatever bytes they are, and nothing of them gets lost", () => {
    const names = fc.oneof(text, fc.constantFrom("retryNum", "endpointParams", "messageDataType", "traceID"));
    const pairs = fc.array(fc.tuple(names, fc.oneof(text, fc.json())));
    fc.assert(
      fc.property(pairs, (given) => {
        const read = decodeHeaders(given);
        const { others, ...known } = read;
        assert.equal(others.length + Object.keys(known).length, given.length);
        // Also not when they are passed on: one that is there twice stays there twice.
        assert.equal(encodeHeaders(read).size, given.length);
      }),
    );
  });

  it("that are not as we write them are passed on unread", () => {
    const { retryNum, messageDataType, others } = decodeHeaders([
      ["retryNum", "-1"],
      ["messageDataType", "Pigeon"],
    ]);
    assert.deepEqual([retryNum, messageDataType], [undefined, undefined]);
    assert.deepEqual(
      others.map(([name, value]) => `${name}=${value.toString()}`),
      ["retryNum=-1", "messageDataType=Pigeon"],
    );
  });
});
