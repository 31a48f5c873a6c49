import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDocuments } from "../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { planPipelines, type PlanningResult } from "../../pipelines/model/plan-pipelines";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import {
  everyDeployment,
  isSelected,
  selectionProblems,
  type DeploymentSelection,
} from "../../pipelines/model/selection/deployment-selection";
import { broken, platform } from "./documents-under-test";
import { deploymentsText } from "./rollouts-under-test";

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const ids = fc.uniqueArray(
  fc.tuple(label, label).map((words) => words.join(".")),
  { maxLength: 8 },
);
const glob = fc
  .tuple(fc.constantFrom("*", "a*", "[a-m]*", "?*"), fc.constantFrom("*", "b*", "*-*"))
  .map((words) => words.join("."));
const globs = fc.array(glob, { minLength: 1, maxLength: 3 });

describe("a selection, whatever the deployments and globs", () => {
  it("is split by the same globs, as include here and as exclude there: each deployment is in one of both", () => {
    fc.assert(
      fc.property(ids, globs, (all, chosen) => {
        const here = { include: chosen, exclude: [] };
        const there = { include: ["*"], exclude: chosen };
        for (const id of all) assert.notEqual(isSelected(id, here), isSelected(id, there), id);
      }),
    );
  });

  it("grows with every glob in include, and shrinks with every one in exclude", () => {
    fc.assert(
      fc.property(ids, globs, globs, glob, (all, include, exclude, more) => {
        for (const id of all) {
          const before = isSelected(id, { include, exclude });
          if (before) assert.ok(isSelected(id, { include: [...include, more], exclude }));
          if (!before) assert.ok(!isSelected(id, { include, exclude: [...exclude, more] }));
        }
      }),
    );
  });

  it("has everything unless something is said", () => {
    fc.assert(
      fc.property(ids, (all) => {
        assert.deepEqual(
          all.filter((id) => !isSelected(id, everyDeployment)),
          [],
        );
      }),
    );
  });

  it("complains of two stacks exactly when they share a deployment", () => {
    fc.assert(
      fc.property(ids, globs, globs, (all, mine, theirs) => {
        const shared = all.filter((id) =>
          [mine, theirs].every((include) => isSelected(id, { include, exclude: [] })),
        );
        const problems = selectionProblems({ ids: all, plans: [] }, { include: mine, exclude: [] }, [
          { stack: "other", include: theirs, exclude: [] },
        ]).filter((problem) => problem.includes("makes as well"));
        assert.equal(problems.length, shared.length);
      }),
    );
  });
});

describe("globs of a selection", () => {
  const selects = (include: string, id: string): boolean =>
    isSelected(id, { include: [include], exclude: [] });

  it("are of owner.name", () => {
    assert.ok(selects("acme.*", "acme.orders"));
    assert.ok(selects("*.orders-*", "acme.orders-eu"));
    assert.ok(selects("{acme,harbor}.orders", "harbor.orders"));
    assert.ok(!selects("acme", "acme.orders"));
    assert.ok(!selects("acme.*", "acme-west.orders"));
  });

  it("that match nothing are named with their key and the nearest id", () => {
    assert.deepEqual(problemsOf({ include: ["acme.order", "harbor.*"], exclude: ["*.payments"] }), [
      'algorun:include[0]: found "acme.order", which matches no deployment, expected a glob of owner.name; did you mean "acme.orders"?',
      'algorun:include[1]: found "harbor.*", which matches no deployment, expected a glob of owner.name; the documents have acme.orders, acme.refunds',
      'algorun:exclude[0]: found "*.payments", which matches no deployment, expected a glob of owner.name; the documents have acme.orders, acme.refunds',
    ]);
  });

  it("of everything are right before there is a document", () => {
    assert.deepEqual(selectionProblems({ ids: [], plans: [] }, { include: ["*"], exclude: ["*.*"] }), []);
  });

  it("don't part a rollout", () => {
    const [problem, ...others] = problemsOf({ include: ["acme.orders"], exclude: [] });
    assert.match(
      problem ?? "",
      /^algorun:include: takes "acme\.orders" and not "acme\.refunds", which it rolls out to, expected both or neither/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(problemsOf({ include: ["acme.*"], exclude: [] }), []);
    assert.deepEqual(problemsOf({ include: ["acme.refunds"], exclude: [] }), []);
  });

  function problemsOf(selection: DeploymentSelection): readonly string[] {
    const plans = [
      { id: "acme.orders", rolloutTargets: ["acme.refunds"] },
      { id: "acme.refunds", rolloutTargets: [] },
    ];
    return selectionProblems({ ids: plans.map(({ id }) => id), plans }, selection);
  }
});

describe("planning a selection", () => {
  const names = ["ash", "birch", "cedar"] as const;
  const text = deploymentsText(names.map((name) => ({ name })));

  it("gives each deployment the plan that it has among all", () => {
    const whole = planned(text);
    for (const name of names) {
      const include = whole.plans.filter(({ id }) => id.endsWith(`.${name}`)).map(({ id }) => id);
      assert.equal(include.length, 1);
      const { plans, leftOut, ids: known } = planned(text, { include, exclude: [] });
      assert.deepEqual(idsOf(plans), include);
      assert.deepEqual(
        [...plans, ...leftOut].sort((a, b) => (a.id < b.id ? -1 : 1)),
        whole.plans,
      );
      assert.deepEqual(known, idsOf(whole.plans));
    }
  });

  it("leaves out what else is wrong with what it leaves out", () => {
    const needy = broken("  executor: http\n", "  executor: http\n  gpuEnabled: true\n");
    const poor: PlatformFacts = { kafka: platform.kafka };
    assert.equal(errorsOf(needy, poor).length, 1);
    assert.deepEqual(errorsOf(needy, poor, { include: ["*"], exclude: ["acme.shout"] }), []);
  });

  it("counts the capacity of what it takes alone", () => {
    const small: PlatformFacts = { ...platform, capacity: { allPipelines: { pods: 1 } } };
    assert.ok(errorsOf(text, small).length > 0);
    assert.deepEqual(errorsOf(text, small, { include: ["*"], exclude: ["*"] }), []);
  });

  it("still refuses a name that somebody has who is left out", () => {
    const twice = deploymentsText([{ name: "ash" }, { name: "ash" }]);
    const [error, ...others] = errorsOf(twice, platform, { include: ["*"], exclude: ["acme.ash"] });
    assert.match(error ?? "", /^a second deployment acme\.ash/);
    assert.deepEqual(others, []);
  });

  function planned(
    content: string,
    selection?: DeploymentSelection,
    facts: PlatformFacts = platform,
  ): PlanningResult {
    return planPipelines(parseDocuments([{ file: "pipelines.yaml", text: content }]), facts, selection);
  }

  function errorsOf(
    content: string,
    facts: PlatformFacts,
    selection?: DeploymentSelection,
  ): readonly string[] {
    return planned(content, selection, facts)
      .problems.filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
  }

  function idsOf(plans: readonly PipelinePlan[]): readonly string[] {
    return plans.map(({ id }) => id);
  }
});
