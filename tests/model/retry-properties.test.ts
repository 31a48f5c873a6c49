import assert from "node:assert/strict";
import fc from "fast-check";
import { topicCollisionKey, topicNameFault } from "../../pipelines/model/values/names";
import type { AlgoComponentPlan, PipelinePlan, TopicPlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { platform } from "./documents-under-test";
import {
  documentsOf,
  pipesOf,
  referenceOf,
  type GeneratedPipeline,
  type GeneratedRetry,
} from "./pipeline-arbitrary";
import { retryingPipelineArbitrary } from "./retry-arbitrary";

const unitMs: Readonly<Record<string, number>> = {
  "500ms": 500,
  "1s": 1000,
  "30s": 30_000,
  "5m": 300_000,
  "1.5h": 5_400_000,
  "1h30m": 5_400_000,
};

function plan(pipeline: GeneratedPipeline, turned = false): PipelinePlan {
  const { plans, problems } = planPipelines(documentsOf(pipeline, turned), platform);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  const [only] = plans;
  assert.ok(only);
  return only;
}

/** Holds for every generated pipeline with retries. */
function always(check: (plan: PipelinePlan, pipeline: GeneratedPipeline) => void): void {
  fc.assert(
    fc.property(retryingPipelineArbitrary, (pipeline) => {
      check(plan(pipeline), pipeline);
    }),
    { numRuns: 300 },
  );
}

function algosOf({ components }: PipelinePlan): readonly AlgoComponentPlan[] {
  return components.filter((component) => component.kind === "algo");
}

function topicOf({ topics }: PipelinePlan, name: string | undefined): TopicPlan {
  const topic = topics.find((each) => each.name === name);
  assert.ok(topic, `no topic ${name ?? ""}`);
  return topic;
}

/** What the documents say that an algo may do, thought out anew: names of topics that it may read and write. */
function rightsOf(
  pipeline: GeneratedPipeline,
  planned: PipelinePlan,
  algo: GeneratedPipeline["algos"][number],
): { readonly reads: string[]; readonly writes: string[] } {
  const component = algosOf(planned).find((each) => each.algo.name === algo.name)?.name;
  const ownOutputs = planned.topics.filter(
    ({ producedBy, purpose }) => purpose === undefined && producedBy.component === component,
  );
  const reads = new Set<string>();
  const writes = new Set(ownOutputs.map(({ name }) => name));
  for (const { from } of pipesOf(pipeline).filter(({ to }) => to.component === referenceOf(algo))) {
    const source = planned.topics.find(
      ({ producedBy, purpose }) =>
        purpose === undefined &&
        producedBy.port === from.port &&
        (producedBy.component === "endpoint") === (from.component === "Endpoint") &&
        (from.component === "Endpoint" ||
          referenceOfComponent(planned, producedBy.component) === from.component),
    );
    assert.ok(source);
    reads.add(source.name);
    const retry = retryOf(pipeline, algo, from);
    if (retry === undefined) {
      // What is not tried again has one place for all that the algo gives up.
      if (algo.executor !== "Delegated")
        writes.add(`algorun.${planned.id}.${algo.name}.${algo.index}.dead-letters`.toLowerCase());
      continue;
    }
    const own = algo.ownRetryTopics === true ? `.${algo.name.toLowerCase()}.${algo.index}` : "";
    writes.add(`${source.name}${own}.${(retry.deadLetterSuffix ?? "dlq").toLowerCase()}`);
    for (const { backoffDuration } of retry.strategy === "RetryTopics" ? retry.steps : []) {
      reads.add(`${source.name}${own}.${backoffDuration}`);
      writes.add(`${source.name}${own}.${backoffDuration}`);
    }
  }
  return { reads: [...reads].sort(), writes: [...writes].sort() };
}

function referenceOfComponent(planned: PipelinePlan, component: string): string | undefined {
  const algo = algosOf(planned).find(({ name }) => name === component)?.algo;
  return algo && referenceOf(algo);
}

/** The retry that counts for an algo's messages from an output. */
function retryOf(
  { paths }: GeneratedPipeline,
  { retry }: GeneratedPipeline["algos"][number],
  from: { readonly component: string; readonly port: string },
): GeneratedRetry | undefined {
  const override =
    from.component === "Endpoint" ? paths[Number(from.port.replace("path-", ""))]?.override : undefined;
  return retry && (override ?? retry);
}

describe("retries, for any pipeline", () => {
  it("give each algo exactly the rights that its pipes and retries imply", () => {
    always((planned, pipeline) => {
      for (const algo of pipeline.algos) {
        const component = algosOf(planned).find((each) => each.algo.name === algo.name);
        assert.ok(component);
        const { reads, writes } = rightsOf(pipeline, planned, algo);
        assert.deepEqual(component.identity.reads, reads);
        assert.deepEqual(component.identity.writes, writes);
      }
    });
  });

  it("give rights to a retry or dead-letter topic to one algo alone", () => {
    always(({ topics, components }) => {
      for (const { name, purpose, producedBy } of topics.filter((topic) => topic.purpose !== undefined)) {
        const named = (right: "reads" | "writes"): readonly string[] =>
          components.filter(({ identity }) => identity[right].includes(name)).map((each) => each.name);
        assert.deepEqual(named("writes"), [producedBy.component]);
        assert.deepEqual(named("reads"), purpose === "retry" ? [producedBy.component] : []);
      }
    });
  });

  it("give every topic a name of its own that Kafka accepts", () => {
    always(({ topics }) => {
      const names = topics.map(({ name }) => name);
      assert.equal(new Set(names.map(topicCollisionKey)).size, names.length);
      assert.deepEqual(
        names.filter((name) => topicNameFault(name) !== undefined),
        [],
      );
    });
  });

  it("keep messages for longer than all back-offs, in as many partitions and copies as they come from", () => {
    always((planned) => {
      for (const { retries } of algosOf(planned)) {
        for (const { topic, steps, deadLetterTopic } of retries) {
          const source = topicOf(planned, topic);
          const waiting = steps.reduce((sum, { backoffMs, attempts }) => sum + backoffMs * attempts, 0);
          for (const name of [...steps.flatMap((step) => step.topic ?? []), deadLetterTopic]) {
            const { parameters, partitions, replicationFactor } = topicOf(planned, name);
            assert.ok(Number(parameters["retention.ms"]) > waiting);
            assert.equal(parameters["cleanup.policy"], "delete");
            assert.equal(parameters["min.insync.replicas"], source.parameters["min.insync.replicas"]);
            assert.deepEqual([partitions, replicationFactor], [source.partitions, source.replicationFactor]);
          }
        }
      }
    });
  });

  it("go through the steps by index, each as often as it says", () => {
    always((planned, pipeline) => {
      for (const algo of pipeline.algos) {
        const component = algosOf(planned).find((each) => each.algo.name === algo.name);
        const own = component?.retries.find(
          ({ topic }) => topicOf(planned, topic).producedBy.component !== "endpoint",
        );
        if (own === undefined || algo.retry === undefined) continue;
        const wanted = [...algo.retry.steps]
          .sort((a, b) => a.index - b.index)
          .map(({ index, backoffDuration, repeat }) => [index, unitMs[backoffDuration], Math.max(repeat, 1)]);
        assert.deepEqual(
          own.steps.map(({ index, backoffMs, attempts }) => [index, backoffMs, attempts]),
          wanted,
        );
      }
    });
  });

  it("name only topics that the plan declares, to the runner as well", () => {
    always((planned) => {
      for (const { retries, runnerConfig } of algosOf(planned)) {
        for (const { topic, steps, deadLetterTopic } of retries) {
          for (const name of [topic, deadLetterTopic, ...steps.flatMap((step) => step.topic ?? [])])
            topicOf(planned, name);
        }
        assert.deepEqual(runnerConfig?.["retries"], retries.length > 0 ? retries : undefined);
      }
    });
  });

  it("are the same whatever the order of lists, and when planned again", () => {
    always((planned, pipeline) => {
      const { source, warnings } = planned;
      assert.deepEqual(plan(pipeline), planned);
      assert.deepEqual({ ...plan(pipeline, true), source, warnings }, planned);
    });
  });

  it("of one algo leave the topics of all others as they are", () => {
    always((planned, pipeline) => {
      const [first, ...others] = pipeline.algos;
      for (const stopped of others) {
        const algos = pipeline.algos.map((algo) => (algo === stopped ? { ...algo, retry: undefined } : algo));
        const without = plan({ ...pipeline, algos });
        const left = planned.topics.filter(
          ({ purpose, producedBy }) =>
            purpose === undefined ||
            referenceOfComponent(planned, producedBy.component) !== referenceOf(stopped),
        );
        const others = without.topics.filter(
          ({ purpose, producedBy }) =>
            purpose === undefined ||
            referenceOfComponent(without, producedBy.component) !== referenceOf(stopped),
        );
        assert.deepEqual(others, left);
      }
      assert.equal(first === undefined, pipeline.algos.length === 0);
    });
  });

  it("do not touch object storage", () => {
    always((planned, pipeline) => {
      const { algos, paths } = pipeline;
      const without = plan({
        ...pipeline,
        algos: algos.map((algo) => ({ ...algo, retry: undefined })),
        paths: paths.map((path) => ({ ...path, override: undefined })),
      });
      assert.deepEqual(planned.storageBucket, without.storageBucket);
    });
  });
});
