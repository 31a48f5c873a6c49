import assert from "node:assert/strict";
import fc from "fast-check";
import { anyPlatform } from "../../../pipelines/commands/any-platform";
import { loadPlans, planPipelines } from "../../../pipelines/model/plan-pipelines";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import type { RegisteredResource } from "../../harness/deploy";
import { resourcesByPipeline } from "../../harness/pipeline-resources";
import { documentsOf, pipelineArbitrary } from "../../model/pipeline-arbitrary";
import { deployPlans } from "./pipeline-under-test";

type Rendered = ReadonlyMap<string, readonly RegisteredResource[]>;

/** What each of some pipelines is made of when they are deployed together. */
async function rendered(plans: readonly PipelinePlan[]): Promise<Rendered> {
  return resourcesByPipeline((await deployPlans(plans)).resources);
}

/** Another pipeline changes nothing about one: neither URNs nor arguments, secrets or what comes before what. */
async function assertIndependent(plans: readonly PipelinePlan[]): Promise<void> {
  const together = await rendered(plans);
  for (const plan of plans) {
    const alone = await rendered([plan]);
    assert.ok((alone.get(plan.name) ?? []).length > 5);
    assert.deepEqual(together.get(plan.name), alone.get(plan.name), plan.id);
  }
}

describe("a pipeline beside others", function () {
  this.timeout(300_000);

  it("is made of the same resources as alone: the shipped documents and the examples", async () => {
    const { plans } = loadPlans(["pipelines/documents", "pipelines/examples"], anyPlatform);
    assert.ok(plans.length >= 4);
    await assertIndependent(plans);
  });

  it("is made of the same resources as alone: any two", async () => {
    await fc.assert(
      fc.asyncProperty(pipelineArbitrary, pipelineArbitrary, async (one, other) => {
        fc.pre(one.owner !== other.owner);
        const [mine, theirs] = [documentsOf(one), documentsOf(other, false, "other-")];
        const documents = {
          deployments: [...mine.deployments, ...theirs.deployments],
          algos: [...mine.algos, ...theirs.algos],
          faultyAlgos: [],
          connectors: [],
          faultyConnectors: [],
          problems: [],
        };
        const { plans, problems } = planPipelines(documents, anyPlatform);
        fc.pre(problems.every(({ severity }) => severity !== "error"));
        await assertIndependent(plans);
      }),
      { numRuns: 4 },
    );
  });
});
