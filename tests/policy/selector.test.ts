import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Field } from "../../policies/rule/field";
import { repair } from "../../policies/rule/repair";
import { selects, SelectorIndex } from "../../policies/rule/selector";
import { notYetKnown, plainValue, type Value } from "../../policies/rule/value";

function field(value: Value): Field {
  return new Field("", value);
}

const key = fc.constantFrom("app", "tier", "part-of");
const text = fc.constantFrom("a", "b", "c");
const labels = fc.dictionary(
  key,
  fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constant(notYetKnown) }),
);
const expression = fc.record({
  key,
  operator: fc.constantFrom("In", "NotIn", "Exists", "DoesNotExist"),
  values: fc.array(text, { maxLength: 2 }),
});
const selector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);

describe("label selectors", () => {
  it("are found by their labels exactly where each of them is asked", () => {
    fc.assert(
      fc.property(fc.array(selector, { maxLength: 12 }), labels, (selectors, pod) => {
        const entries = selectors.map((value, item) => ({ selector: field(value), item }));
        const asked = entries.filter((entry) => selects(entry.selector, field(pod))).map(({ item }) => item);
        const found = new SelectorIndex(entries).selecting(field(pod));
        assert.deepEqual([...found].sort(), asked.sort());
      }),
    );
  });

  it("follow Kubernetes' rules", () => {
    const pod = field({ app: "web", tier: "front" });
    const asks = (value: Value): boolean => selects(field(value), pod);
    assert.equal(asks({}), true);
    assert.equal(asks({ matchLabels: { app: "web", tier: "back" } }), false);
    assert.equal(asks({ matchExpressions: [{ key: "app", operator: "In", values: ["api"] }] }), false);
    assert.equal(asks({ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }), true);
    assert.equal(asks({ matchExpressions: [{ key: "zone", operator: "Exists" }] }), false);
    assert.equal(asks({ matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }), false);
    assert.equal(asks(notYetKnown), true);
  });
});

describe("repairs", () => {
  const finding = (props: object, ...keys: string[]): Parameters<typeof repair>[1] => [
    { field: field(plainValue(props)).at(...keys), found: "it is missing", fix: "add it", repair: "value" },
  ];

  it("make the maps that lead to a field", () => {
    const props = {};
    assert.equal(repair(props, finding(props, "metadata", "labels", "team")), true);
    assert.deepEqual(props, { metadata: { labels: { team: "value" } } });
  });

  it("leave out what is below a secret or below something else than a map", () => {
    class Secret {
      readonly value = { labels: {} };
    }
    const props = { metadata: new Secret(), spec: "text" };
    assert.equal(repair(props, finding(props, "metadata", "labels")), false);
    assert.equal(repair(props, finding(props, "spec", "paused")), false);
    assert.deepEqual(props, { metadata: new Secret(), spec: "text" });
  });

  it("write nothing for a finding that a person must decide", () => {
    const props = {};
    assert.equal(repair(props, [{ field: field({}).at("a"), found: "", fix: "" }]), false);
    assert.deepEqual(props, {});
  });
});
