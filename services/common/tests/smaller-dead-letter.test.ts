import assert from "node:assert/strict";
import {
  decodeHeaders,
  encodeHeaders,
  failedHeaders,
  smallerDeadLetter,
  type OutgoingMessage,
} from "@algorun/common";

const failed = { topic: "texts", partition: 3, offset: 17n };
const failure = { errorClass: "ExitCode", errorMessage: "no idea", errorComponent: "upper" };

function letterOf(value: string, key: string | null): OutgoingMessage {
  const own = decodeHeaders([
    ["tenant", "acme"],
    ["traceID", "t"],
  ]);
  const headers = encodeHeaders(failedHeaders(failed, own, failure));
  return { topic: "dlq", key: key === null ? null : Buffer.from(key), value: Buffer.from(value), headers };
}

function headersOf({ headers }: OutgoingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].map(([name, value]) => [name.toString(), value.toString()]));
}

const reason = {
  ...failure,
  originalTopic: "texts",
  originalPartition: "3",
  originalOffset: "17",
};

describe("A dead letter that its topic does not take", () => {
  it("loses its value first, then its key and its own headers, and says so; the reason stays", () => {
    const empty = smallerDeadLetter(letterOf("large", "k"));
    assert.ok(empty);
    assert.deepEqual([empty.topic, empty.value.length, empty.key?.toString()], ["dlq", 0, "k"]);
    assert.deepEqual(headersOf(empty), { ...reason, tenant: "acme", traceID: "t", errorLeftOut: "value" });
    const bare = smallerDeadLetter(empty);
    assert.ok(bare);
    assert.deepEqual([bare.topic, bare.value.length, bare.key], ["dlq", 0, null]);
    assert.deepEqual(headersOf(bare), { ...reason, errorLeftOut: "value, key, headers" });
    assert.equal(smallerDeadLetter(bare), undefined, "nothing is left to give up");
  });

  it("loses a key that is too large where there is no value", () => {
    assert.equal(smallerDeadLetter(letterOf("", "k"))?.key, null);
  });
});
