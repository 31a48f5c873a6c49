import assert from "node:assert/strict";
import * as fc from "fast-check";
import { boundedResources } from "../../policies/quota";
import { goodDeployment, podSpec, runner, withField, type Data, type Path } from "./fixtures";
import { judge } from "./harness";

function foundWith(path: Path, value: Data | undefined): string[] {
  return judge(boundedResources, withField(goodDeployment, path, value)).map(({ found }) => found);
}

describe("policy bounded-resources", () => {
  it("accepts a Deployment whose containers are all bounded", () => {
    assert.deepEqual(judge(boundedResources, goodDeployment), []);
  });

  for (const bound of ["requests", "limits"]) {
    for (const name of ["cpu", "memory", "ephemeral-storage"]) {
      it(`refuses a container without ${name} in its ${bound}`, () => {
        const path = [...runner, "resources", bound, name];
        assert.deepEqual(foundWith(path, undefined), [`container "runner" has no ${name} in its ${bound}`]);
      });

      for (const nothing of ["0", 0, "", "some", "-1"]) {
        it(`refuses ${JSON.stringify(nothing)} for ${name} in the ${bound}`, () => {
          assert.ok(
            foundWith([...runner, "resources", bound, name], nothing).includes(
              `container "runner" has ${JSON.stringify(nothing)} for ${name} in its ${bound}`,
            ),
          );
        });
      }
    }
  }

  it("refuses an init container without resources, at each of the six fields", () => {
    const found = foundWith([...podSpec, "initContainers", 0, "resources"], undefined);
    assert.equal(found.length, 6);
    assert.ok(found.every((sentence) => sentence.startsWith('init container "copy" has no ')));
  });

  it("refuses a request above its limit", () => {
    assert.deepEqual(foundWith([...runner, "resources", "requests", "memory"], "257Mi"), [
      'container "runner" requests "257Mi" of memory, above its limit of "256Mi"',
    ]);
  });

  it("accepts what the pod as a whole asks for, where Kubernetes counts that", () => {
    const podLevel = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "1Gi" } };
    const given = withField(goodDeployment, [...podSpec, "resources"], podLevel);
    const bare = withField(given, [...runner, "resources"], undefined);
    assert.deepEqual(
      judge(boundedResources, bare).map(({ found }) => found),
      [
        'container "runner" has no ephemeral-storage in its requests',
        'container "runner" has no ephemeral-storage in its limits',
      ],
    );
  });

  it("asks nothing of ephemeral containers, which have no resources of their own", () => {
    assert.deepEqual(
      foundWith([...podSpec, "ephemeralContainers"], [{ name: "debug", image: "busybox:1.37" }]),
      [],
    );
  });

  it("accepts further resources and other spellings", () => {
    assert.deepEqual(foundWith([...runner, "resources", "limits", "nvidia.com/gpu"], 1), []);
    assert.deepEqual(foundWith([...runner, "resources", "requests", "cpu"], 0.25), []);
    assert.deepEqual(foundWith([...runner, "resources", "limits", "memory"], "1e9"), []);
  });

  it("asks for what its configuration lists", () => {
    const given = withField(goodDeployment, [...runner, "resources", "limits", "cpu"], undefined);
    assert.deepEqual(judge(boundedResources, given, { config: { limits: ["memory"] } }), []);
  });

  it("compares a request with its limit in whatever unit they are written", () => {
    const units = ["Ki", "Mi", "Gi"];
    const amount = fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(amount, amount, ([request, requestUnit], [limit, limitUnit]) => {
        const given = withField(
          goodDeployment,
          [...runner, "resources", "limits", "memory"],
          `${limit}${units[limitUnit]}`,
        );
        const both = withField(
          given,
          [...runner, "resources", "requests", "memory"],
          `${request}${units[requestUnit]}`,
        );
        const isAbove = request * 1024 ** requestUnit > limit * 1024 ** limitUnit;
        assert.equal(judge(boundedResources, both).length, isAbove ? 1 : 0);
      }),
    );
  });
});
