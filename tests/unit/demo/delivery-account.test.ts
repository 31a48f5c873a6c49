import assert from "node:assert/strict";
import fc from "fast-check";
import { DeliveryAccount, totalOf } from "../../../demo/delivery-account";

const path = fc.constantFrom("orders", "readings");
const message = fc.record({ path, routes: fc.integer({ min: 1, max: 3 }), deliveries: fc.nat(5) });

describe("the demo's account of deliveries", () => {
  it("says of each path what was sent, delivered, doubled and lost", () => {
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const account = new DeliveryAccount();
        messages.forEach(({ path: name, routes, deliveries }, index) => {
          account.send(`trace-${index}`, name, { hook: routes });
          for (let count = 0; count < deliveries; count += 1)
            account.deliver(`trace-${index}`, "hook", `id-${count % routes}`);
        });
        for (const name of ["orders", "readings"]) {
          const own = messages.filter((each) => each.path === name);
          const found = account.paths().find((each) => each.path === name);
          const sum = (of: (each: (typeof own)[number]) => number): number =>
            own.reduce((total, each) => total + of(each), 0);
          if (own.length === 0) assert.equal(found, undefined);
          else
            assert.deepEqual(found, {
              path: name,
              sent: own.length,
              expected: sum(({ routes }) => routes),
              delivered: sum(({ routes, deliveries }) => Math.min(routes, deliveries)),
              doubled: sum(({ routes, deliveries }) => Math.max(0, deliveries - routes)),
              deadLetters: 0,
              lost: sum(({ routes, deliveries }) => Math.max(0, routes - deliveries)),
            });
        }
      }),
    );
  });

  it("counts the pieces of a stream, which have one trace id together", () => {
    const account = new DeliveryAccount();
    for (let piece = 0; piece < 3; piece += 1) account.send("session", "camera", { yard: 1 });
    account.deliver("session", "yard", "a");
    account.deliver("session", "yard", "b");
    assert.deepEqual(account.paths(), [
      { path: "camera", sent: 3, expected: 3, delivered: 2, deadLetters: 0, doubled: 0, lost: 1 },
    ]);
  });

  it("does not count what the endpoint did not take, nor what an earlier run has sent", () => {
    const account = new DeliveryAccount();
    account.send("refused", "orders", { hook: 1 });
    account.withdraw("refused");
    account.deliver("of an earlier run", "hook", "a");
    assert.deepEqual(account.paths(), []);
  });

  it("knows what was given up: it is neither delivered nor missing", () => {
    const account = new DeliveryAccount();
    for (const trace of ["one", "two", "three"]) account.send(trace, "orders", { crm: 1, audit: 1 });
    for (const webhook of ["crm", "audit"]) account.deliver("one", webhook, `msg-${webhook}`);
    account.deliver("two", "crm", "msg");
    account.giveUp("two", { audit: 1 });
    account.giveUp("three", { crm: 1, audit: 1 });
    account.giveUp("of an earlier run", { crm: 1 });
    const expected = { sent: 3, expected: 6, delivered: 3, deadLetters: 3, doubled: 0, lost: 0 };
    assert.deepEqual(account.paths(), [{ path: "orders", ...expected }]);
    assert.deepEqual(totalOf(account.paths()), expected);
  });
});
