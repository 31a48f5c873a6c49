import assert from "node:assert/strict";
import { retryWithBackOff } from "@algorun/common";

const soon = { initialDelayMs: 1, maxDelayMs: 2 };

/** Fails some times before it succeeds; counts how often it is done. */
function failing(times: number): { readonly work: () => Promise<string>; readonly done: () => number } {
  let count = 0;
  return {
    work: () => {
      count += 1;
      return count > times ? Promise.resolve("done") : Promise.reject(new Error(`failure ${count}`));
    },
    done: () => count,
  };
}

describe("What is retried with back-off", () => {
  it("is done until it succeeds, and no more", async () => {
    const { work, done } = failing(3);
    assert.equal(await retryWithBackOff(work, { ...soon, attempts: 10 }), "done");
    assert.equal(done(), 4);
  });

  it("fails with the last error once its attempts are used, the first included", async () => {
    const { work, done } = failing(100);
    await assert.rejects(retryWithBackOff(work, { ...soon, attempts: 3 }), /failure 3/);
    assert.equal(done(), 3);
  });

  it("fails at once where another attempt can't help", async () => {
    const { work, done } = failing(100);
    await assert.rejects(
      retryWithBackOff(work, { ...soon, attempts: 9, isTransient: () => false }),
      /failure 1/,
    );
    assert.equal(done(), 1);
  });

  it("ends its waiting when it is told to", async () => {
    const { work, done } = failing(100);
    const stop = new AbortController();
    const retried = retryWithBackOff(work, {
      attempts: 9,
      initialDelayMs: 3_600_000,
      maxDelayMs: 3_600_000,
      signal: stop.signal,
    });
    stop.abort();
    await assert.rejects(retried);
    assert.ok(done() <= 1);
  });
});
