import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { timeLimit } from "@algorun/common";

async function aborted(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await once(signal, "abort");
  return signal.reason;
}

describe("A time limit", () => {
  it("ends by the time, and says so", async () => {
    const limit = timeLimit(5, new AbortController().signal, "no answer");
    const reason = await aborted(limit.signal);
    assert.ok(reason instanceof DOMException);
    assert.deepEqual([reason.name, reason.message, limit.isOver], ["TimeoutError", "no answer", true]);
  });

  it("ends with the other signal, and is not over then", async () => {
    for (const before of [true, false]) {
      const outer = new AbortController();
      const reason = new Error("another's");
      if (before) outer.abort(reason);
      const limit = timeLimit(60_000, outer.signal, "no answer");
      if (!before) outer.abort(reason);
      assert.equal(await aborted(limit.signal), reason);
      assert.equal(limit.isOver, false);
      limit.release();
    }
  });

  it("leaves nothing behind when it is released", () => {
    const outer = new AbortController();
    const limit = timeLimit(60_000, outer.signal, "no answer");
    limit.release();
    assert.equal(getEventListeners(outer.signal, "abort").length, 0);
    outer.abort();
    assert.equal(limit.signal.aborted, false);
  });
});
