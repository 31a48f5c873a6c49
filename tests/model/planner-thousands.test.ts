import assert from "node:assert/strict";
import fc from "fast-check";
import type { Documents } from "../../pipelines/model/document/documents";
import { topicCollisionKey, topicNameFault } from "../../pipelines/model/values/names";
import { connectorReference } from "../../pipelines/view/pipeline-graph";
import type { ComponentPlan, PipelinePlan, TopicPlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { platform } from "./documents-under-test";
import { withConnectorsAndRetries } from "./connector-arbitrary";
import { connectorReferenceOf } from "./generated-connector";
import {
  referenceOf as algoReference,
  documentsOf,
  pipelineArbitrary,
  pipesOf,
  type GeneratedPipeline,
} from "./pipeline-arbitrary";

/** How many pipelines are planned, for each rule to be held against them all. */
const pipelines = 2000;
/** How many pairs of pipelines the rules about two of them are held against. */
const pairs = 300;

/** Owner or name of up to a hundred characters, the most that a document may have. */
const longWord = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{40,98}[A-Za-z0-9])?$/);

/** Deployments whose owners, names and algos may be as long as the format allows. */
const anyLength: fc.Arbitrary<GeneratedPipeline> = fc
  .tuple(pipelineArbitrary, fc.option(fc.tuple(longWord, longWord, longWord), { nil: undefined }))
  .map(([pipeline, long]) => {
    if (long === undefined) return pipeline;
    const [owner, name, algoName] = long;
    // Kept apart from each other at the end, where shortening takes away.
    const algos = pipeline.algos.map((algo, index) => ({
      ...algo,
      name: `${algoName.slice(0, 98)}${index}`,
    }));
    return { ...pipeline, owner, name, algos };
  });

/** The same, with data connectors, and with retries. */
const anyPipeline = withConnectorsAndRetries(anyLength);

function planOf(documents: Documents): PipelinePlan {
  const { plans, problems } = planPipelines(documents, platform);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  const [plan] = plans;
  assert.ok(plan);
  return plan;
}

interface Planned {
  readonly pipeline: GeneratedPipeline;
  readonly plan: PipelinePlan;
}

/** A component as pipes name it. */
function referenceOf(component: ComponentPlan): string {
  switch (component.kind) {
    case "endpoint":
      return "Endpoint";
    case "eventHook":
      return "EventHook";
    case "dataConnector":
      return connectorReference(component);
    case "algo": {
      const { owner, name, version, index } = component.algo;
      return `${owner}/${name}:${version}[${index}]`;
    }
  }
}

/** The most replicas of each component that a document asks for. */
function mostByReference({ algos, connectors = [] }: GeneratedPipeline): ReadonlyMap<string, number> {
  return new Map([
    ["EventHook", 1],
    ...algos.map((algo) => [algoReference(algo), Math.max(algo.replicas, algo.maxReplicas)] as const),
    ...connectors.map(
      (each) => [connectorReferenceOf(each), Math.max(each.tasksMax, each.replicas)] as const,
    ),
  ]);
}

/** The rule as the format's description has it, readers from the smallest: written once more, to be held against. */
function partitionsByTheRule(readers: readonly number[]): number {
  let total = 1;
  for (const replicas of [...readers].sort((a, b) => a - b)) total += Math.max(replicas, total);
  return Math.round(total * 1.5);
}

describe(`the planner, for ${pipelines} pipelines`, function () {
  this.timeout(120_000);
  let planned: readonly Planned[] = [];

  before(() => {
    planned = fc
      .sample(anyPipeline, pipelines)
      .map((pipeline) => ({ pipeline, plan: planOf(documentsOf(pipeline)) }));
  });

  /** Holds for every one of them; the first that it does not hold for is shown. */
  function always(check: (plan: PipelinePlan, pipeline: GeneratedPipeline) => void): void {
    for (const { pipeline, plan } of planned) {
      try {
        check(plan, pipeline);
      } catch (error) {
        throw new Error(`not so for ${JSON.stringify(pipeline)}`, { cause: error });
      }
    }
  }

  it("lets exactly the ends of a topic's pipes read and write it, and its owner what is its own", () => {
    always(({ topics, components }, pipeline) => {
      const references = new Map(components.map((component) => [component.name, referenceOf(component)]));
      const pipes = pipesOf(pipeline).map(({ from, to }) => JSON.stringify([from, to.component]));
      for (const topic of topics) {
        const { purpose, producedBy } = topic;
        for (const { name, identity } of components) {
          const isOwner = producedBy.component === name;
          const from = { component: references.get(producedBy.component), port: producedBy.port };
          const isPiped = pipes.includes(JSON.stringify([from, references.get(name)]));
          // Dead letters are for people; whoever puts messages aside, or keeps its state in a topic, reads them again.
          const mayRead = purpose === undefined ? isPiped : isOwner && purpose !== "deadLetter";
          assert.equal(identity.reads.includes(topic.name), mayRead, `${name} reads ${topic.name}`);
          assert.equal(identity.writes.includes(topic.name), isOwner, `${name} writes ${topic.name}`);
        }
      }
      const rights = components.flatMap(({ identity }) => [...identity.reads, ...identity.writes]);
      const names = new Set(topics.map(({ name }) => name));
      assert.deepEqual(
        rights.filter((name) => !names.has(name)),
        [],
      );
    });
  });

  it("lets data connectors alone keep state: three topics each, and one for a history of schemas", () => {
    always(({ topics, components }, { connectors = [] }) => {
      const kept = topics.filter(({ purpose }) => purpose === "connect");
      const histories = connectors.filter(({ type, keepsHistory }) => type === "Source" && keepsHistory);
      assert.equal(kept.length, 3 * connectors.length + histories.length);
      const owners = new Set(kept.map(({ producedBy }) => producedBy.component));
      const expected = components.filter(({ kind }) => kind === "dataConnector");
      assert.deepEqual([...owners].sort(), expected.map(({ name }) => name).sort());
    });
  });

  it("gives users and groups names of their own", () => {
    always(({ id, components }) => {
      const users = components.map(({ identity }) => identity.username);
      assert.equal(new Set(users).size, users.length);
      const groups = components.flatMap(({ identity: { consumerGroup, workerGroup } }) =>
        [consumerGroup, workerGroup].filter((group) => group !== undefined),
      );
      assert.equal(new Set(groups).size, groups.length);
      // Connect itself names the group of a sink.
      for (const group of groups) {
        assert.ok(
          [`algorun.${id}.`, `connect-${id}.`].some((start) => group.startsWith(start)),
          group,
        );
      }
      for (const { name, identity } of components) assert.equal(identity.username, `${id}.${name}`);
    });
  });

  it("gives every topic the partitions of the rule", () => {
    always(({ topics, components }, pipeline) => {
      const most = mostByReference(pipeline);
      const served = byName(topics);
      for (const topic of topics) {
        const { partitions, partitionsBecause, consumedBy } = topic;
        if (partitionsBecause.rule === "retryOf") {
          assert.equal(partitions, served.get(partitionsBecause.topic)?.partitions);
          continue;
        }
        if (partitionsBecause.rule === "deadLetters") {
          assert.equal(partitions, 1);
          continue;
        }
        if (partitionsBecause.rule === "connect") {
          assert.equal(partitions, connectPartitions[topic.producedBy.port]);
          continue;
        }
        const names = new Set(consumedBy.map(({ component }) => component));
        const readers = components
          .filter(({ name }) => names.has(name))
          .map((reader) => most.get(referenceOf(reader)) ?? 0);
        assert.equal(partitions, partitionsByTheRule(readers));
        assert.ok("sum" in partitionsBecause);
        assert.equal(Math.round(partitionsBecause.sum * 1.5), partitions);
      }
    });
  });

  it("never gives a topic fewer partitions when a component gets more replicas", () => {
    fc.assert(
      fc.property(anyPipeline, fc.nat(), fc.integer({ min: 1, max: 40 }), (pipeline, which, more) => {
        const before = planOf(documentsOf(pipeline));
        const algos = pipeline.algos.map((algo, index) =>
          index === which % pipeline.algos.length ? grown(algo, more) : algo,
        );
        const after = planOf(documentsOf({ ...pipeline, algos }));
        const partitions = byName(after.topics);
        for (const topic of before.topics) {
          assert.ok((partitions.get(topic.name)?.partitions ?? 0) >= topic.partitions);
        }
      }),
      { numRuns: pairs },
    );
  });

  it("makes only names that Kubernetes, Kafka and S3 accept, however long owners and names are", () => {
    always(({ name, namespace, labels, components, topics, storageBucket, routes }) => {
      const dns = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
      for (const each of [name, ...components.map((component) => component.name)]) {
        assert.match(each, dns);
        assert.ok(each.length <= 50, each);
      }
      assert.match(namespace, dns);
      assert.ok(namespace.length <= 63, namespace);
      const values = [labels, ...components.map((component) => component.labels)].flatMap((each) =>
        Object.values<string>({ ...each }),
      );
      for (const value of values) assert.match(value, /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
      for (const topic of topics) assert.equal(topicNameFault(topic.name), undefined);
      const keys = topics.map((topic) => topicCollisionKey(topic.name));
      assert.equal(new Set(keys).size, keys.length);
      if (storageBucket !== undefined) assert.match(storageBucket.name, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
      const routeNames = routes.map((route) => route.name);
      assert.equal(new Set(routeNames).size, routeNames.length);
    });
  });

  it("tells long names apart that begin alike, and gives each the same name again", () => {
    fc.assert(
      fc.property(anyPipeline, longWord, (pipeline, word) => {
        const [one, other] = ["a", "b"].map((end) =>
          planOf(documentsOf({ ...pipeline, owner: `${word.slice(0, 99)}${end}` })),
        );
        assert.ok(one && other);
        assert.notEqual(one.namespace, other.namespace);
        assert.notEqual(one.name, other.name);
        const names = new Set(one.topics.map(({ name }) => name));
        assert.deepEqual(
          other.topics.filter(({ name }) => names.has(name)),
          [],
        );
      }),
      { numRuns: pairs },
    );
  });

  it("makes the same plan of the same documents", () => {
    always((plan, pipeline) => {
      assert.deepEqual(planOf(documentsOf(pipeline)), plan);
    });
  });
});

/** What Kafka Connect and Debezium ask for. */
const connectPartitions: Readonly<Record<string, number>> = {
  "connect-configs": 1,
  "connect-offsets": 25,
  "connect-status": 5,
  "schema-history": 1,
};

function grown(algo: GeneratedPipeline["algos"][number], more: number): GeneratedPipeline["algos"][number] {
  const maxReplicas = algo.maxReplicas === 0 ? 0 : algo.maxReplicas + more;
  return { ...algo, replicas: algo.replicas + more, maxReplicas };
}

function byName(topics: readonly TopicPlan[]): ReadonlyMap<string, TopicPlan> {
  return new Map(topics.map((topic) => [topic.name, topic]));
}
