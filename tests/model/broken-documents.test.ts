import assert from "node:assert/strict";
import fc from "fast-check";
import { planText } from "./documents-under-test";
import { fullText } from "./full-documents";

const lines = fullText.split("\n");
const line = fc.nat(lines.length - 1);
const odd = fc.constantFrom(
  "{",
  "]",
  "''",
  "~",
  "null",
  "-1",
  "1e400",
  "[[]]",
  "{a: b}",
  "é\u0000",
  "&a *a",
  "<<: 1",
  "__proto__: 1",
);

/** One line dropped, repeated, moved in, cut, or with its value replaced by something odd. */
const brokenText = fc.oneof(
  line.map((at) => lines.toSpliced(at, 1)),
  line.map((at) => lines.toSpliced(at, 0, lines[at] ?? "")),
  line.map((at) => lines.with(at, `  ${lines[at] ?? ""}`)),
  fc.tuple(line, fc.nat(80)).map(([at, length]) => lines.with(at, (lines[at] ?? "").slice(0, length))),
  fc.tuple(line, odd).map(([at, value]) => lines.with(at, (lines[at] ?? "").replace(/: .*$/, `: ${value}`))),
);

describe("any broken document", () => {
  it("is planned or refused at a line of its file, and never ends in a stack trace", () => {
    fc.assert(
      fc.property(brokenText, (broken) => {
        const { plans, problems } = planText(broken.join("\n"));
        const errors = problems.filter(({ severity }) => severity === "error");
        assert.ok(errors.length > 0 || plans.length === 1);
        for (const { file, line: at, message } of errors) {
          assert.equal(file, "shout.yaml");
          assert.ok(at >= 1 && at <= broken.length, `line ${at}`);
          assert.doesNotMatch(message, /undefined|\[object|TypeError|Invalid input|\n/);
        }
      }),
      { numRuns: 200 },
    );
  });
});
