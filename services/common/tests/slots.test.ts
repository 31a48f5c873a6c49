import assert from "node:assert/strict";
import { Slots } from "@algorun/common";
import fc from "fast-check";

const never = new AbortController().signal;

describe("Slots", () => {
  it("are never more than there are, are all used, and are given in the order of those who came", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean()), async (count, works) => {
        const slots = new Slots(count);
        const begun: number[] = [];
        let busy = 0;
        let most = 0;
        const outcomes = await Promise.allSettled(
          works.map((succeeds, index) =>
            slots.run(never, async () => {
              begun.push(index);
              most = Math.max(most, (busy += 1));
              await new Promise(setImmediate);
              busy -= 1;
              if (!succeeds) throw new Error("failed");
              return index;
            }),
          ),
        );
        assert.deepEqual(begun, [...works.keys()]);
        assert.equal(most, Math.min(count, works.length));
        assert.deepEqual(
          outcomes.map(({ status }) => status === "fulfilled"),
          works,
        );
      }),
    );
  });

  it("are not taken by who has given up meanwhile", async () => {
    const slots = new Slots(1);
    const gaveUp = new AbortController();
    const first = slots.run(never, () => new Promise(setImmediate));
    const second = slots.run(gaveUp.signal, () => Promise.reject(new Error("was done all the same")));
    gaveUp.abort(new Error("gave up"));
    await first;
    await assert.rejects(second, /gave up/);
    assert.equal(await slots.run(never, () => Promise.resolve("free")), "free");
  });
});
