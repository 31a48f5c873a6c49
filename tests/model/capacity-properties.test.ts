import assert from "node:assert/strict";
import fc from "fast-check";
import { namespaceQuota } from "../../components/pipeline/namespace-quota";
import type { KafkaUse, QuotaUse } from "../../pipelines/model/capacity/capacity";
import { capacityStatement } from "../../pipelines/model/capacity/capacity-statement";
import { pipelineCapacity } from "../../pipelines/model/capacity/pipeline-capacity";
import { brokerUse } from "../../pipelines/model/capacity/sums";
import type { ComponentPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { amountOf } from "../../pipelines/model/values/amount";
import { platform } from "./documents-under-test";
import { documentsOf, pipelineArbitrary, type GeneratedPipeline } from "./pipeline-arbitrary";

function planOf(pipeline: GeneratedPipeline, turned = false): PipelinePlan {
  const [plan] = planPipelines(documentsOf(pipeline, turned), platform).plans;
  assert.ok(plan);
  return plan;
}

function most(use: QuotaUse, name: string): bigint {
  return use[name]?.most ?? 0n;
}

/** Asserts that nothing of a sum is less than that of another one. */
function assertAtLeast(larger: { use: QuotaUse; kafka: KafkaUse }, smaller: typeof larger): void {
  for (const [name, range] of Object.entries(smaller.use)) {
    const other = larger.use[name] ?? { least: 0n, most: 0n };
    assert.ok(other.least >= range.least && other.most >= range.most, name);
  }
  const { partitions, copies, bytes, topics } = smaller.kafka;
  assert.ok(larger.kafka.partitions >= partitions && larger.kafka.copies >= copies);
  assert.ok(larger.kafka.bytes >= bytes && larger.kafka.topics >= topics);
}

/** Pods of a component that Kubernetes must admit to replace one of them while all others are there. */
function podsWhileUpdating(component: ComponentPlan): number {
  const replicas = Math.max(component.replicas, component.autoscaling?.maxReplicas ?? 0);
  return component.kind === "endpoint" ? replicas : replicas + 1;
}

describe("the capacity of any pipeline", () => {
  it("is the sum of its parts", () => {
    fc.assert(
      fc.property(pipelineArbitrary, (pipeline) => {
        const plan = planOf(pipeline);
        const whole = pipelineCapacity(plan, platform);
        assert.equal(whole.components.length, plan.components.length);
        assert.equal(whole.topics.length, plan.topics.length);
        for (const [name, range] of Object.entries(whole.use)) {
          const parts = whole.components.map(({ use }) => use[name] ?? { least: 0n, most: 0n });
          assert.equal(
            parts.reduce((sum, part) => sum + part.least, 0n),
            range.least,
            name,
          );
          assert.equal(
            parts.reduce((sum, part) => sum + part.most, 0n),
            range.most,
            name,
          );
          assert.ok(range.least <= range.most, name);
        }
        const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
        assert.equal(whole.kafka.partitions, sum(plan.topics.map(({ partitions }) => partitions)));
        assert.equal(whole.kafka.copies, sum(whole.topics.map(({ copies }) => copies)));
      }),
    );
  });

  it("is never more than all brokers hold together, and no broker holds one too many", () => {
    fc.assert(
      fc.property(pipelineArbitrary, fc.integer({ min: 1, max: 40 }), (pipeline, brokers) => {
        const { kafka } = pipelineCapacity(planOf(pipeline), platform);
        const each = brokerUse(kafka, brokers);
        assert.ok(each.copies * brokers >= kafka.copies && (each.copies - 1) * brokers < kafka.copies);
        assert.ok(each.leaders * brokers >= kafka.partitions && each.leaders <= each.copies);
        assert.ok(each.bytes * BigInt(brokers) >= kafka.bytes);
      }),
    );
  });

  it("never shrinks with more replicas, or with more pods to grow to", () => {
    const more = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(pipelineArbitrary, more, more, (pipeline, replicas, growth) => {
        const grown = {
          ...pipeline,
          algos: pipeline.algos.map((algo) => ({
            ...algo,
            // Without growth there is no autoscaler, in which replicas would no longer count.
            replicas: algo.replicas + replicas,
            maxReplicas: algo.maxReplicas === 0 ? 0 : algo.maxReplicas + replicas + growth,
          })),
        };
        assertAtLeast(
          pipelineCapacity(planOf(grown), platform),
          pipelineCapacity(planOf(pipeline), platform),
        );
      }),
    );
  });

  it("never shrinks with more partitions, copies or load", () => {
    const more = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(pipelineArbitrary, more, more, more, (pipeline, partitions, copies, load) => {
        const plan = planOf(pipeline);
        const withTopics = (change: (topic: PipelinePlan["topics"][number]) => object): PipelinePlan => ({
          ...plan,
          topics: plan.topics.map((topic) => ({ ...topic, ...change(topic) })),
        });
        const loaded = withTopics(() => ({
          expectedLoad: { messagesPerSecond: 1, averageMessageSize: "1Ki" },
        }));
        const larger = withTopics((topic) => ({
          partitions: topic.partitions + partitions,
          replicationFactor: 3 + copies,
          expectedLoad: { messagesPerSecond: 1 + load, averageMessageSize: "1Ki" },
        }));
        assertAtLeast(pipelineCapacity(larger, platform), pipelineCapacity(loaded, platform));
        assertAtLeast(pipelineCapacity(loaded, platform), pipelineCapacity(plan, platform));
      }),
    );
  });

  it("leaves the namespace room for a rolling update of everything at once", () => {
    fc.assert(
      fc.property(pipelineArbitrary, (pipeline) => {
        const plan = planOf(pipeline);
        const quota = namespaceQuota(plan);
        const needed = plan.components.map(podsWhileUpdating).reduce((a, b) => a + b, 0);
        assert.ok(Number(quota["pods"]) >= needed, `${quota["pods"] ?? ""} pods, ${needed} are needed`);
        const { use } = pipelineCapacity(plan, platform);
        assert.equal(amountOf(quota["pods"] ?? ""), most(use, "pods"));
        assert.equal(amountOf(quota["persistentvolumeclaims"] ?? ""), most(use, "persistentvolumeclaims"));
      }),
    );
  });

  it("is stated the same for the same documents, whatever their order, as plain data", () => {
    fc.assert(
      fc.property(pipelineArbitrary, (pipeline) => {
        const statement = capacityStatement([planOf(pipeline)], platform);
        assert.deepEqual(capacityStatement([planOf(pipeline, true)], platform), statement);
        assert.deepEqual(JSON.parse(JSON.stringify(statement)), statement);
      }),
    );
  });
});
