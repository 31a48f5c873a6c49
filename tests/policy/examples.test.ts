import assert from "node:assert/strict";
import { rules } from "../../policies/index";
import type { RegisteredResource } from "../harness/deploy";
import { exampleSettings } from "../harness/example-settings";
import { deployStack } from "../harness/whole-stack";
import { judge, judgeStack, type Given } from "./harness";

function given({ type, name, urn, inputs }: RegisteredResource): Given {
  return {
    type,
    name,
    urn,
    props: type.startsWith("random:") ? { ...inputs, result: `${name}-result` } : inputs,
  };
}

describe("the examples", function () {
  this.timeout(60_000);

  it("keep every rule of prod", async () => {
    const resources = (await deployStack(exampleSettings)).filter(({ custom }) => custom).map(given);
    assert.ok(resources.length > 100);
    const violations = rules.flatMap((rule) => [
      ...resources.flatMap((resource) => judge(rule, resource)),
      ...judgeStack(rule, resources),
    ]);
    assert.deepEqual(
      violations.map(({ policy, where }) => `${policy}: ${where}`),
      [],
    );
  });
});
