import assert from "node:assert/strict";
import type { FailedAttempt, Verdict } from "../deliver/answer";
import { WebhookCircuit } from "../deliver/webhook-circuit";

const signal = new AbortController().signal;
const delivered: Verdict = { kind: "delivered" };

function failed(fault: Partial<FailedAttempt>): FailedAttempt {
  return {
    kind: "failed",
    errorClass: "Status",
    reason: "status 503",
    status: 503,
    waitMs: 0,
    isReceiverDown: true,
    ...fault,
  };
}

describe("The circuit of a receiver", () => {
  it("opens after five failures in a row, asks once from time to time, and closes when that succeeds", async () => {
    const changes: (readonly [boolean, string | undefined])[] = [];
    const circuit = new WebhookCircuit(30, (isOpen, failure) => changes.push([isOpen, failure?.reason]));
    let requests = 0;
    const ask = async (verdict: Verdict): Promise<string> => {
      const outcome = await circuit.attempt(signal, () => {
        requests += 1;
        return Promise.resolve(verdict);
      });
      return outcome.kind;
    };
    for (let count = 0; count < 5; count += 1) await ask(failed({}));
    assert.equal(await ask(delivered), "held");
    assert.equal(requests, 5);
    while ((await ask(failed({ reason: "still down" }))) === "held") await new Promise(setImmediate);
    assert.equal(requests, 6);
    assert.equal(await ask(delivered), "held");
    while ((await ask(delivered)) === "held") await new Promise(setImmediate);
    assert.equal(requests, 7);
    assert.deepEqual(changes, [
      [true, "status 503"],
      [false, "still down"],
    ]);
  });

  it("stays closed while it is the messages that are refused", async () => {
    const circuit = new WebhookCircuit(30, () => {
      assert.fail("it changed");
    });
    for (let count = 0; count < 20; count += 1) {
      const refused = failed({ status: 400, isReceiverDown: false });
      assert.equal((await circuit.attempt(signal, () => Promise.resolve(refused))).kind, "failed");
    }
  });

  it("lets nothing through before the time that a receiver states", async () => {
    const circuit = new WebhookCircuit(1, () => undefined);
    await circuit.attempt(signal, () => Promise.resolve(failed({ waitMs: 60_000 })));
    const held = await circuit.attempt(signal, () => Promise.reject(new Error("it was asked")));
    assert.ok(held.kind === "held");
    assert.ok(held.waitMs > 50_000);
    assert.equal(held.since?.reason, "status 503");
  });
});
