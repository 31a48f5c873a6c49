import assert from "node:assert/strict";
import * as fc from "fast-check";
import { algoEnvironment } from "../execute/algo-environment";
import { asFlags, asQuery, resolveParameters } from "../execute/parameters";
import { safeFileName } from "../execute/run-folders";
import { decideRetry, type RetryPosition } from "../retry/retry-decision";

const steps = fc
  .uniqueArray(
    fc.record({ index: fc.nat(50), attempts: fc.integer({ min: 1, max: 5 }), backoffMs: fc.nat() }),
    {
      selector: ({ index }) => index,
    },
  )
  .map((found) =>
    found.toSorted((a, b) => a.index - b.index).map((step) => ({ ...step, topic: `t.${step.index}` })),
  );

describe("the retry of a message that always fails", () => {
  for (const strategy of ["Simple", "RetryTopics"] as const) {
    it(`takes every step in order, each as often as it says, and ends with the dead letters (${strategy})`, () => {
      fc.assert(
        fc.property(steps, (plan) => {
          const taken: string[] = [];
          let position: RetryPosition | undefined;
          for (;;) {
            const decision = decideRetry({ steps: plan, strategy, deadLetterTopic: "dlq" }, position);
            if (decision.kind === "deadLetter") break;
            assert.equal(decision.topic, strategy === "Simple" ? undefined : `t.${decision.position.step}`);
            position = decision.position;
            taken.push(`${position.step} ${position.attempt}`);
          }
          const expected = plan.flatMap(({ index, attempts }) =>
            Array.from({ length: attempts }, (_, attempt) => `${index} ${attempt + 1}`),
          );
          assert.deepEqual(taken, expected);
        }),
      );
    });
  }

  it("ends, wherever a message was when the document changed", () => {
    fc.assert(
      fc.property(steps, fc.nat(60), fc.nat(9), (plan, step, attempt) => {
        const most = plan.reduce((sum, { attempts }) => sum + attempts, 1);
        let position: RetryPosition = { step, attempt };
        for (let count = 0; count <= most; count += 1) {
          const decision = decideRetry(
            { steps: plan, strategy: "RetryTopics", deadLetterTopic: "dlq" },
            position,
          );
          if (decision.kind === "deadLetter") return;
          assert.ok(decision.position.step >= position.step);
          position = decision.position;
        }
        assert.fail("it goes on for ever");
      }),
    );
  });
});

describe("parameters", () => {
  const known = [
    { name: "locale", flag: "--locale", value: "en", required: true },
    { name: "-v", flag: "-v", required: false },
  ];

  it("are the caller's where the algo knows them, and no others", () => {
    const resolved = resolveParameters(known, { locale: "tr", "--rm": "/" });
    assert.deepEqual(asFlags(resolved), ["--locale", "tr", "-v"]);
    assert.equal(asQuery(resolved), "locale=tr&v");
  });

  it("fail where one that is required has no value", () => {
    assert.throws(() => resolveParameters([{ name: "a", flag: "--a", required: true }]), /a is required/);
  });
});

describe("what the algo's program gets", () => {
  it("holds no login of the runner", () => {
    const given = {
      PATH: "/bin",
      MODEL: "m",
      KAFKA_AUTH_PASSWORD: "p",
      AWS_SECRET_ACCESS_KEY: "k",
      NODE_OPTIONS: "-r x",
    };
    assert.deepEqual(algoEnvironment(given), { PATH: "/bin", MODEL: "m", NODE_OPTIONS: "-r x" });
  });

  it("is never a file outside its folder, nor one that looks like a flag", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const safe = safeFileName(name, "input");
        assert.ok(safe.length > 0 && Buffer.byteLength(safe) <= 200);
        assert.match(safe, /^[^./-][^/\\\0]*$/u);
      }),
    );
    assert.equal(safeFileName("../../etc/passwd", "input"), "passwd");
    // A file system takes 255 bytes, and such a letter has three.
    assert.match(safeFileName(`${"漢".repeat(120)}.jpg`, "input"), /^漢{65}\.jpg$/u);
  });
});
