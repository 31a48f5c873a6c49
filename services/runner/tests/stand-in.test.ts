import assert from "node:assert/strict";
import { decodeHeaders, type FetchedMessage, type OutgoingMessage } from "@algorun/common";
import { RunFailure } from "../failure";
import { deadLetter, waitingMessage } from "../messages/failed-message";
import { standIn } from "../messages/stand-in";

const message: FetchedMessage = {
  topic: "texts",
  partition: 0,
  offset: 7n,
  timestamp: 0n,
  key: Buffer.from("k"),
  value: Buffer.from("value"),
  headers: [],
};
const failure = new RunFailure("ExitCode", "no idea", { exitCode: 3 });
const failed = { message, headers: { others: [] }, component: "upper", failure };

function insteadOf(...written: readonly OutgoingMessage[]): OutgoingMessage {
  const instead = standIn({
    message,
    written,
    error: new Error("Kafka says that it is too large"),
    component: "upper",
    deadLetterTopic: "dlq",
    isRetryTopic: (topic) => topic === "texts.5m",
  });
  assert.ok(instead);
  assert.equal(instead.topic, "dlq");
  return instead;
}

function textsOf({ headers }: OutgoingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].map(([name, value]) => [name.toString(), value.toString()]));
}

describe("What stands in for what Kafka does not take", () => {
  it("is the message as a dead letter, for its results", () => {
    const result = { topic: "out", key: null, value: Buffer.alloc(9), headers: new Map() };
    const instead = insteadOf(result, result);
    assert.equal(instead.value.toString(), "value");
    assert.equal(textsOf(instead)["errorClass"], "OutputTooLarge");
    assert.match(textsOf(instead)["errorMessage"] ?? "", /too large/);
  });

  it("is a dead letter with the same reason, for a message that should have waited", () => {
    const instead = insteadOf(waitingMessage(failed, "texts.5m", { step: 1, attempt: 1, run: "r", due: 99 }));
    assert.equal(textsOf(instead)["errorClass"], "ExitCode");
    const { retryNum, retryRun } = decodeHeaders(instead.headers);
    assert.deepEqual([retryNum, retryRun], [undefined, undefined]);
    assert.equal(instead.value.toString(), "value");
  });

  it("is a smaller dead letter with the same reason, for a dead letter", () => {
    const instead = insteadOf(deadLetter(failed, "dlq"));
    assert.equal(instead.value.length, 0);
    assert.equal(textsOf(instead)["errorClass"], "ExitCode");
    assert.equal(textsOf(instead)["errorLeftOut"], "value");
  });
});
