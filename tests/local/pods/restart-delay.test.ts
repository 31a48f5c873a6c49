import assert from "node:assert/strict";
import fc from "fast-check";
import { nextRestart } from "../../../local/pods/restart-delay";

const minute = 60_000;

describe("the pause before a container is started again", () => {
  it("is Kubernetes': 10 s, twice as long each time, at most 5 minutes", () => {
    let history = { restarts: 0 };
    const delays = Array.from({ length: 8 }, () => {
      const next = nextRestart(history, 1000);
      history = next.history;
      return next.delay / 1000;
    });
    assert.deepEqual(delays, [10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it("begins anew after ten good minutes, and only then", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 0, max: 60 * minute }), (restarts, ranFor) => {
        const { delay } = nextRestart({ restarts }, ranFor);
        const expected = ranFor >= 10 * minute ? 10_000 : Math.min(10_000 * 2 ** restarts, 300_000);
        assert.equal(delay, expected);
      }),
    );
  });
});
