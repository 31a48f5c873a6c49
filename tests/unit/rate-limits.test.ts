import assert from "node:assert/strict";
import { z } from "zod";
import { renderRateLimitConfig } from "../../components/ingress/rate-limit-config";
import { manifests } from "../harness/manifests";
import { deployStack } from "../harness/whole-stack";

const configMap = z.looseObject({ kind: z.literal("ConfigMap"), data: z.record(z.string(), z.string()) });

describe("rate limits that a document states", function () {
  this.timeout(60_000);

  it("reach the platform's one configuration, beside the platform's own limit", async () => {
    const documents = ["pipelines/examples/model-canary.yaml"];
    const rateLimit = { requests: 7, unit: "hour" } as const;
    const resources = await deployStack({ documents, ambassador: { rateLimit } });
    const configs = manifests(resources).flatMap((manifest) => {
      const { data, success } = configMap.safeParse(manifest);
      return success ? Object.values(data.data).filter((text) => text.includes("requests_per_unit")) : [];
    });
    assert.deepEqual(configs, [
      renderRateLimitConfig(rateLimit, {
        "orchard.grading": [
          { by: { kind: "header", name: "x-api-key" }, requests: 50, unit: "second" },
          { by: { kind: "remoteAddress" }, requests: 100, unit: "second" },
        ],
      }),
    ]);
  });
});
