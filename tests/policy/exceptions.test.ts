import assert from "node:assert/strict";
import * as fc from "fast-check";
import { rules } from "../../policies/index";
import { narrowAcls } from "../../policies/kafka-access";
import { defaultDeny } from "../../policies/network-coverage";
import { matchesGlob } from "../../policies/rule/glob";
import { isDay } from "../../policies/rule/today";
import { hiddenSecrets } from "../../policies/secrets";
import { pinnedImages } from "../../policies/supply-chain";
import { goodDeployment, runner, withField } from "./fixtures";
import { judge, reportsOn, reportsOnStack, type Given } from "./harness";
import { object } from "./objects";

const moving = withField(goodDeployment, [...runner, "image"], "algohub/shop:latest");
const reason = "the vendor publishes no versions";
const prefix = "exempt.policy.algo.run/";

function annotated(given: Given, rule: string, value: string): Given {
  return withField(given, ["metadata", "annotations", `${prefix}${rule}`], value);
}

function configured(resource: string, until = "2027-03-31"): { exceptions: unknown } {
  return { exceptions: [{ resource, reason, until }] };
}

const datedExceptions = rules.find(({ name }) => name === "dated-exceptions");
assert.ok(datedExceptions !== undefined);

describe("an exception in the configuration", () => {
  it("excuses what it is about, and is told of with its reason, its day and the fields", () => {
    const config = configured("Deployment algorun-local-test/runner");
    assert.deepEqual(reportsOn(pinnedImages, moving, { config }), {
      violations: [],
      excuses: [
        [
          "Excused until 2027-03-31: the vendor publishes no versions",
          "Where: Deployment algorun-local-test/runner, spec.template.spec.containers[0].image",
          "By:    pinned-images.exceptions[0] of --policy-pack-config",
        ].join("\n"),
      ],
    });
  });

  it("is told of once for all fields of a resource", () => {
    const both = withField(moving, [...runner.slice(0, -1), 1, "image"], "algohub/algo:main");
    const { excuses } = reportsOn(pinnedImages, both, { config: configured("*") });
    assert.equal(excuses.length, 1);
    assert.match(excuses[0] ?? "", /containers\[0\]\.image, .*containers\[1\]\.image/);
  });

  it("says nothing where there is nothing to excuse", () => {
    const reports = reportsOn(pinnedImages, goodDeployment, { config: configured("*") });
    assert.deepEqual(reports, { violations: [], excuses: [] });
  });

  for (const pattern of [
    "Deployment */runner",
    "urn:pulumi:*::algorun::*:Deployment::local-test-runner",
    "*",
  ]) {
    it(`finds its resource by ${pattern}`, () => {
      assert.deepEqual(judge(pinnedImages, moving, { config: configured(pattern) }), []);
    });
  }

  for (const pattern of ["Deployment algorun-local-test/run", "StatefulSet *", "urn:pulumi:other::*"]) {
    it(`leaves others alone, by ${pattern}`, () => {
      assert.equal(judge(pinnedImages, moving, { config: configured(pattern) }).length, 1);
    });
  }

  it("holds on its last day, and the violation is back the day after, with the day in it", () => {
    const config = configured("*");
    assert.deepEqual(judge(pinnedImages, moving, { config, today: "2027-03-31" }), []);
    const [violation] = judge(pinnedImages, moving, { config, today: "2027-04-01" });
    assert.equal(
      violation?.note,
      `the exception by pinned-images.exceptions[0] of --policy-pack-config ended on 2027-03-31 (${reason})`,
    );
  });

  it("holds for findings on the whole stack", () => {
    const namespace = object("core/v1:Namespace", "shop");
    const { violations, excuses } = reportsOnStack(defaultDeny, [namespace], {
      config: configured("Namespace shop"),
    });
    assert.deepEqual(violations, []);
    assert.equal(excuses.length, 1);
  });

  it("holds for critical rules, and for what is no object of Kubernetes", () => {
    const acl: Given = {
      type: "kafka:index/acl:Acl",
      name: "all",
      props: { aclPrincipal: "User:*", aclResourceName: "orders", aclOperation: "Read" },
    };
    assert.equal(judge(narrowAcls, acl).length, 1);
    assert.deepEqual(judge(narrowAcls, acl, { config: configured("Acl all") }), []);
  });

  const mistakes: readonly (readonly [
    what: string,
    entry: Readonly<Record<string, unknown>>,
    message: RegExp,
  ])[] = [
    ["without a reason", { resource: "*", until: "2027-03-31" }, /pinned-images\.exceptions\.0\.reason/],
    [
      "with a reason that says nothing",
      { resource: "*", until: "2027-03-31", reason: "todo" },
      /must say why/,
    ],
    ["without a day", { resource: "*", reason }, /pinned-images\.exceptions\.0\.until/],
    [
      "until a day that does not exist",
      { resource: "*", reason, until: "2027-02-30" },
      /must be a day such as/,
    ],
    ["with an unknown key", { resource: "*", reason, until: "2027-03-31", rule: "x" }, /rule/],
  ];
  for (const [what, entry, message] of mistakes) {
    it(`is an error ${what}`, () => {
      assert.throws(() => judge(pinnedImages, goodDeployment, { config: { exceptions: [entry] } }), {
        message,
      });
    });
  }
});

describe("an exception in an annotation", () => {
  it("excuses its object from one rule, and is told of", () => {
    const given = annotated(moving, "pinned-images", `2027-03-31: ${reason}`);
    const { violations, excuses } = reportsOn(pinnedImages, given);
    assert.deepEqual(violations, []);
    assert.match(excuses[0] ?? "", /^Excused until 2027-03-31: the vendor .*\n.*\nBy: {4}annotation exempt/);
    assert.deepEqual(judge(datedExceptions, given), []);
    assert.equal(judge(pinnedImages, annotated(moving, "fresh-images", `2027-03-31: ${reason}`)).length, 1);
  });

  it("that has ended excuses nothing, and is a violation of its own", () => {
    const given = annotated(moving, "pinned-images", `2026-11-30: ${reason}`);
    const [violation] = judge(pinnedImages, given);
    assert.match(violation?.note ?? "", /ended on 2026-11-30/);
    assert.deepEqual(
      judge(datedExceptions, given).map(({ found, where }) => [found, where]),
      [
        [
          `the exception ended on 2026-11-30 (${reason})`,
          'Deployment algorun-local-test/runner, metadata.annotations["exempt.policy.algo.run/pinned-images"]',
        ],
      ],
    );
  });

  it("does not count for critical rules", () => {
    const leaking = withField(goodDeployment, [...runner, "env", 0], {
      name: "DB_PASSWORD",
      value: "hunter2",
    });
    const given = annotated(leaking, "hidden-secrets", `2027-03-31: ${reason}`);
    assert.match(judge(hiddenSecrets, given)[0]?.note ?? "", /does not count/);
    assert.match(judge(datedExceptions, given)[0]?.found ?? "", /hidden-secrets is critical/);
  });

  const mistakes: readonly (readonly [rule: string, value: string, found: string])[] = [
    ["pined-images", `2027-03-31: ${reason}`, 'there is no rule "pined-images"'],
    ["pinned-images", reason, "does not begin with its last day"],
    ["pinned-images", `2027-02-30: ${reason}`, "does not begin with its last day"],
    ["pinned-images", "2027-03-31:", "no reason of ten characters"],
    ["pinned-images", "", "does not begin with its last day"],
  ];
  for (const [rule, value, found] of mistakes) {
    it(`is a violation as ${JSON.stringify(`${rule}: ${value}`)}, and excuses nothing`, () => {
      const given = annotated(moving, rule, value);
      assert.ok(judge(datedExceptions, given)[0]?.found.includes(found));
      const [violation] = judge(pinnedImages, given);
      assert.equal(
        violation !== undefined && (violation.note !== undefined) === (rule === "pinned-images"),
        true,
      );
    });
  }

  it("never excuses with any other text than a day, a colon and a reason", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const isException = /^\s*\d{4}-\d{2}-\d{2}\s*:/.test(text);
        const { violations } = reportsOn(pinnedImages, annotated(moving, "pinned-images", text));
        assert.equal(violations.length, isException ? violations.length : 1);
      }),
    );
  });
});

describe("patterns of exceptions", () => {
  const text = fc.stringMatching(/^[a-c/]{0,12}$/);
  it("fit what a regular expression would", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c/*]{0,8}$/), text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
        assert.equal(matchesGlob(pattern, name), expression.test(name));
      }),
    );
  });
});

describe("days", () => {
  it("are those of the calendar", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1970-01-01"), max: new Date("2999-12-31"), noInvalidDate: true }),
        (date) => {
          assert.ok(isDay(date.toISOString().slice(0, 10)));
        },
      ),
    );
    for (const text of ["2027-02-29", "2027-13-01", "2027-1-1", "tomorrow", "", "2027-03-31T00:00:00Z"])
      assert.equal(isDay(text), false, text);
  });
});
