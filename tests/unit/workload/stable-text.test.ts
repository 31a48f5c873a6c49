import assert from "node:assert/strict";
import fc from "fast-check";
import { load } from "js-yaml";
import { containerSizes, resolveResources } from "../../../components/workload/container-resources";
import { labelValue } from "../../../components/workload/labels";
import { contentHash, stableJson, stableYaml } from "../../../components/workload/stable-text";

const plain = fc.dictionary(
  fc.string(),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string())),
);

describe("stable text", () => {
  it("is the same for the same value, whatever the order of its keys", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(stableJson(turned), stableJson(value));
        assert.equal(stableYaml(turned), stableYaml(value));
        assert.equal(contentHash(turned), contentHash(value));
      }),
    );
  });

  it("is read back as the value", () => {
    fc.assert(
      fc.property(plain, (value) => {
        assert.deepEqual({ ...Object(JSON.parse(stableJson(value))) }, { ...value });
        assert.deepEqual({ ...Object(load(stableYaml(value))) }, { ...value });
      }),
    );
  });

  it("keeps the order of lists and leaves out what is undefined", () => {
    assert.equal(stableYaml({ b: [2, 1], a: undefined }), "b:\n  - 2\n  - 1\n");
  });
});

describe("resources of a container", () => {
  it("fill what is not stated: a request from its limit, a limit from its request, the rest from the size", () => {
    const resolved = resolveResources({
      requests: { memory: "2Gi" },
      limits: { cpu: "3", "nvidia.com/gpu": "1" },
    });
    assert.deepEqual(resolved, {
      requests: { cpu: "3", "ephemeral-storage": "256Mi", memory: "2Gi", "nvidia.com/gpu": "1" },
      limits: { cpu: "3", "ephemeral-storage": "256Mi", memory: "2Gi", "nvidia.com/gpu": "1" },
    });
    assert.deepEqual(resolveResources("large"), containerSizes.large);
    assert.deepEqual(resolveResources(undefined), containerSizes.small);
  });
});

describe("a label value", () => {
  it("is valid for every text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        assert.match(labelValue(text), /^([a-z\d]([-\w.]{0,61}[a-z\d])?)?$/i);
      }),
    );
  });
});
