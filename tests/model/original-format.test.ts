import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadDocuments } from "../../pipelines/model/document/documents";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { platform } from "./documents-under-test";

/** The original operator's samples stand beside the checkout, where they are at hand. */
const original = join(__dirname, "..", "..", "..", "shared", "original");

if (existsSync(original)) {
  describe("the original's format", () => {
    it("deploys its samples as they are", () => {
      const { plans, problems } = planPipelines(
        loadDocuments([
          join(original, "sample-algo.yaml"),
          join(original, "sample-pipeline-deployment.yaml"),
        ]),
        platform,
      );
      assert.deepEqual(
        problems.map(({ severity, path }) => `${severity} ${path}`),
        [
          "warning spec.versions[0].image.tag",
          "warning spec.kafkaBrokers",
          "warning spec.eventHook.webHooks",
        ],
      );
      const topics = plans[0]?.topics.map(({ name, partitions, replicationFactor }) => [
        name,
        partitions,
        replicationFactor,
      ]);
      assert.deepEqual(topics, [
        ["algorun.local.test-deployment.endpoint.0.test_http", 3, 1],
        ["algorun.local.test-deployment.hook.0.dead-letters", 1, 1],
        ["algorun.local.test-deployment.test-text-transform-http.1.dead-letters", 1, 1],
        ["algorun.local.test-deployment.test-text-transform-http.1.text", 3, 1],
      ]);
      assert.equal(plans[0]?.routes[0]?.prefix, "/run/http/local/test-deployment/");
    });
  });
}
