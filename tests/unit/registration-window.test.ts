import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { RegistrationWindow } from "../../registration-window";

/** Something that the engine is busy with until the test ends it. */
interface Registration {
  readonly number: number;
  readonly last: Pick<pulumi.Resource, "urn">;
  readonly end: (isFailed: boolean) => void;
}

function registration(number: number): Registration {
  let end: Registration["end"] = () => undefined;
  const urn = new Promise<string>((resolve, reject) => {
    end = (isFailed) => {
      if (isFailed) reject(new Error(`${number} failed to register`));
      else resolve(`urn:${number}`);
    };
  });
  return { number, last: { urn: pulumi.output(urn) }, end };
}

/** Until promises that wait for each other have all had their turn. */
async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await turn();
}

describe("the window of registrations", () => {
  it("makes all in the order of the calls, never more than fit, whichever end first or fail", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ pick: fc.nat(), isFailed: fc.boolean() }), { maxLength: 12 }),
        async (size, endings) => {
          const window = new RegistrationWindow(size);
          const made: number[] = [];
          const open: Registration[] = [];
          const making = endings.map((_, number) =>
            window.make(
              () => {
                const begun = registration(number);
                made.push(number);
                open.push(begun);
                assert.ok(open.length <= size, `${open.length} at a time`);
                return begun;
              },
              ({ last }) => [last],
            ),
          );
          for (const { pick, isFailed } of endings) {
            await settled();
            const [ended] = open.splice(pick % open.length, 1);
            assert.ok(ended, "nothing was begun, and something waits");
            ended.end(isFailed);
          }
          assert.deepEqual(
            (await Promise.all(making)).map(({ number }) => number),
            made,
          );
          assert.deepEqual(
            made,
            endings.map((_, number) => number),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("waits for the last of what something consists of", async () => {
    const window = new RegistrationWindow(1);
    const [first, second] = [registration(1), registration(2)];
    await window.make(
      () => first,
      () => [first.last, second.last],
    );
    let isMade = false;
    const next = window.make(
      () => (isMade = true),
      () => [],
    );
    first.end(false);
    await settled();
    assert.equal(isMade, false);
    second.end(false);
    assert.equal(await next, true);
  });
});
