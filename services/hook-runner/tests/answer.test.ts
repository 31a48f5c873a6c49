import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeAnswer } from "../deliver/answer";
import { pauseAfter } from "../deliver/patience";

const now = Date.parse("2026-01-01T00:00:00Z");

describe("An answer of a receiver", () => {
  it("is a success by 2xx alone, and the end by 410", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        const { kind } = judgeAnswer(status, null, now);
        assert.equal(kind, status >= 200 && status < 300 ? "delivered" : status === 410 ? "gone" : "failed");
      }),
    );
  });

  const down = (status: number): unknown => {
    const verdict = judgeAnswer(status, null, now);
    return verdict.kind === "failed" && verdict.isReceiverDown;
  };

  it("tells a receiver that is unwell from a message that it refuses", () => {
    assert.deepEqual([500, 503, 429, 400, 404, 301].map(down), [true, true, true, false, false, false]);
  });

  const waitMs = (retryAfter: string): unknown => {
    const verdict = judgeAnswer(503, retryAfter, now);
    return verdict.kind === "failed" && verdict.waitMs;
  };

  it("may say when to come again, in seconds or as a date, but not for ever", () => {
    assert.equal(waitMs("7"), 7_000);
    assert.equal(waitMs("Thu, 01 Jan 2026 00:00:30 GMT"), 30_000);
    assert.equal(waitMs("Wed, 31 Dec 2025 00:00:00 GMT"), 0);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String)), (text) => {
        const wait = waitMs(text);
        assert.ok(typeof wait === "number" && wait >= 0 && wait <= 300_000);
      }),
    );
  });
});

describe("The pause between attempts", () => {
  it("is random up to a limit that doubles, and ends at the longest, after however many attempts", () => {
    const limits = { firstBackoffMs: 500, longestBackoffMs: 60_000 };
    fc.assert(
      fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const limit = attempts > 6 ? 60_000 : 500 * 2 ** attempts;
        assert.equal(
          pauseAfter(attempts, limits, () => random),
          random * limit,
        );
      }),
    );
  });
});
