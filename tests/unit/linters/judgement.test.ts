import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { format } from "prettier";
import type { AcceptedFinding } from "../../../linters/accepted-finding";
import { acceptedFindings } from "../../../linters/accepted-findings";
import { linterNames, objectText, sortedFindings, type Finding } from "../../../linters/finding";
import { judge } from "../../../linters/judgement";
import { lintersPage } from "../../../linters/page";
import { reportLines } from "../../../linters/report";

function finding(changes: Partial<Finding> = {}): Finding {
  const object = { kind: "StatefulSet", namespace: "shop", name: "sql" };
  return {
    linter: "polaris",
    check: "cpuLimitsMissing",
    object,
    container: "sql",
    advice: "set it",
    ...changes,
  };
}

function acceptance(changes: Partial<AcceptedFinding> = {}): AcceptedFinding {
  const objects = ["StatefulSet shop/sql"];
  return { linter: "polaris", check: "cpuLimitsMissing", objects, reason: "It is so.", ...changes };
}

const findingsOfFew: fc.Arbitrary<Finding[]> = fc.array(
  fc.record({
    linter: fc.constantFrom(...linterNames),
    check: fc.constantFrom("first", "second"),
    object: fc.record({
      kind: fc.constantFrom("Deployment", "Job"),
      namespace: fc.constantFrom("shop", undefined),
      name: fc.constantFrom("a.b", "a-b", "a"),
    }),
    container: fc.constantFrom("web", undefined),
    advice: fc.constant("do it"),
  }),
);

describe("a judgement on findings", () => {
  it("accepts what the list names, and nothing beside it", () => {
    const others = [
      finding({ linter: "kube-score" }),
      finding({ check: "memoryLimitsMissing" }),
      finding({ object: { kind: "StatefulSet", namespace: "shop", name: "sql-2" } }),
      finding({ object: { kind: "StatefulSet", namespace: "other", name: "sql" } }),
      finding({ object: { kind: "StatefulSet", namespace: undefined, name: "sql" } }),
    ];
    const { unaccepted, accepted, stale } = judge([finding(), ...others], [acceptance()]);
    assert.deepEqual(unaccepted, others);
    assert.deepEqual(accepted, [{ linter: "polaris", check: "cpuLimitsMissing", count: 1 }]);
    assert.deepEqual(stale, []);
  });

  it("accepts only the named containers where some are named", () => {
    const list = [acceptance({ containers: ["sql"] })];
    const others = [finding({ container: "exporter" }), finding({ container: undefined })];
    assert.deepEqual(judge([finding(), ...others], list).unaccepted, others);
  });

  it("takes a star for a part of a name, never for a namespace and more, and a dot for a dot", () => {
    const named = (namespace: string, name: string): Finding =>
      finding({ object: { kind: "StatefulSet", namespace, name } });
    const accepts = (pattern: string, object: Finding): boolean =>
      judge([object], [acceptance({ objects: [pattern] })]).unaccepted.length === 0;
    assert.equal(accepts("StatefulSet */sql-*", named("shop", "sql-1")), true);
    assert.equal(accepts("StatefulSet shop/*", named("shop", "sql-1")), true);
    assert.equal(accepts("*", named("shop", "sql")), false);
    assert.equal(accepts("StatefulSet *", named("shop", "sql")), false);
    assert.equal(accepts("StatefulSet shop/v1.2", named("shop", "v1x2")), false);
    assert.equal(accepts("StatefulSet shop/sq", named("shop", "sql")), false);
  });

  it("tells of every pattern that matches nothing any more", () => {
    const list = [
      acceptance({ objects: ["StatefulSet shop/sql", "StatefulSet shop/gone"] }),
      acceptance({ containers: ["sql", "gone"] }),
      acceptance({ check: "gone" }),
    ];
    const { stale } = judge([finding()], list);
    assert.deepEqual(
      stale.map(({ check, pattern }) => `${check} ${pattern}`),
      ["cpuLimitsMissing StatefulSet shop/gone", "cpuLimitsMissing gone", "gone StatefulSet shop/sql"],
    );
  });

  it("leaves no finding out: each is accepted once or is to be put right", () => {
    fc.assert(
      fc.property(findingsOfFew, findingsOfFew, (raw, known) => {
        const findings = sortedFindings(raw);
        const list = known.map(({ linter, check, object }) =>
          acceptance({ linter, check, objects: [objectText(object)] }),
        );
        const { unaccepted, accepted } = judge(findings, list);
        assert.equal(
          accepted.reduce((sum, { count }) => sum + count, unaccepted.length),
          findings.length,
        );
      }),
    );
  });

  it("finds nothing wrong with a list made from the findings themselves", () => {
    fc.assert(
      fc.property(findingsOfFew, (findings) => {
        const list = findings.map(({ linter, check, object }) =>
          acceptance({ linter, check, objects: [objectText(object)] }),
        );
        const { unaccepted, stale } = judge(findings, list);
        assert.deepEqual([unaccepted, stale], [[], []]);
      }),
    );
  });

  it("is told with a line for each fault and the number of accepted findings of each check", () => {
    const strange = finding({ check: "tagNotSpecified" });
    const list = [acceptance(), acceptance({ check: "gone" })];
    assert.deepEqual(reportLines(judge([finding(), strange], list)), [
      "polaris tagNotSpecified: StatefulSet shop/sql container sql: set it",
      'linters/accepted-findings.ts: polaris gone: "StatefulSet shop/sql" matches no finding any more: take it off the list',
      "To put right: 2.",
      "Accepted, for the reasons in docs/linters.md: 1.",
      "    1  polaris cpuLimitsMissing",
    ]);
    assert.equal(
      reportLines(judge([finding()], [acceptance()]))[0],
      "The linters find nothing that is not accepted.",
    );
  });
});

describe("the accepted findings", () => {
  it("are what docs/linters.md says; `npm run linters` writes it anew", async () => {
    const page = await format(lintersPage(acceptedFindings), { parser: "markdown" });
    assert.equal(readFileSync(join(__dirname, "..", "..", "..", "docs", "linters.md"), "utf8"), page);
  });

  it("name a kind and an object each, and a reason that is a sentence", () => {
    for (const { check, objects, reason } of acceptedFindings) {
      for (const object of objects) assert.match(object, /^[A-Z]\w+ \S+$/, check);
      assert.match(reason, /^[A-Z].+\.$/, check);
      assert.doesNotMatch(reason, /\|/, `${check}: the table would break`);
    }
  });
});
