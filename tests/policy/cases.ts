import assert from "node:assert/strict";
import type { Rule } from "../../policies/rule/rule";
import { withField, type Data, type Path } from "./fixtures";
import { judge, judgeStack, type Given, type Judgement } from "./harness";

/** One change of a good resource, and what the rule then says. */
export interface Case extends Judgement {
  /** What is tried, as the end of "refuses …" or "accepts …". */
  readonly what: string;
  readonly path: Path;
  /** undefined takes the field out. */
  readonly value: Data | undefined;
  /** What must be found, each as a part of one sentence, in order. @default nothing: it is accepted */
  readonly found?: readonly string[];
}

/** Declares tests of a rule on single resources: the good one is accepted, and each change has its findings. */
export function itJudges(rule: Rule, good: Given, cases: readonly Case[]): void {
  describe(`policy ${rule.name}, on ${good.type.replace(/^.*:/, "")}`, () => {
    it("accepts a good one", () => {
      assert.deepEqual(judge(rule, good), []);
    });
    for (const { what, path, value, found = [], ...judgement } of cases) {
      it(`${found.length === 0 ? "accepts" : "refuses"} ${what}`, () => {
        assertFound(
          judge(rule, withField(good, path, value), judgement).map((violation) => violation.found),
          found,
        );
      });
    }
  });
}

/** Declares tests of a rule on whole stacks, each a change of a good one. */
export function itJudgesStacks(
  rule: Rule,
  good: readonly Given[],
  cases: readonly (Judgement & {
    readonly what: string;
    readonly stack: readonly Given[];
    readonly found?: readonly string[];
  })[],
): void {
  describe(`policy ${rule.name}, on a stack`, () => {
    it("accepts a good one", () => {
      assert.deepEqual(judgeStack(rule, good), []);
    });
    for (const { what, stack, found = [], ...judgement } of cases) {
      it(`${found.length === 0 ? "accepts" : "refuses"} ${what}`, () => {
        assertFound(
          judgeStack(rule, stack, judgement).map((violation) => violation.found),
          found,
        );
      });
    }
  });
}

function assertFound(found: readonly string[], wanted: readonly string[]): void {
  assert.equal(found.length, wanted.length, found.join("\n"));
  for (const [index, part] of wanted.entries()) {
    assert.ok(found[index]?.includes(part), `${found[index] ?? "nothing"} does not say ${part}`);
  }
}
