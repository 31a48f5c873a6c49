import assert from "node:assert/strict";
import fc from "fast-check";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { topicNameFault } from "../../pipelines/model/values/names";
import { platform } from "./documents-under-test";
import { documentsOf, pipelineArbitrary, pipesOf, type GeneratedPipeline } from "./pipeline-arbitrary";

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

/** Holds for every generated pipeline. */
function always(check: (plan: PipelinePlan, pipeline: GeneratedPipeline) => void): void {
  fc.assert(
    fc.property(pipelineArbitrary, (pipeline) => {
      check(plan(pipeline), pipeline);
    }),
    { numRuns: 300 },
  );
}

/** A component as pipes name it. */
function referenceOf(component: PipelinePlan["components"][number]): string {
  if (component.kind === "endpoint") return "Endpoint";
  if (component.kind === "eventHook") return "EventHook";
  if (component.kind === "dataConnector") return component.connector.name;
  const { owner, name, version, index } = component.algo;
  return `${owner}/${name}:${version}[${index}]`;
}

describe("the planner, for any pipeline", () => {
  it("gives every component a name of its own that Kubernetes accepts", () => {
    always(({ components, namespace, name }) => {
      const names = components.map((component) => component.name);
      assert.equal(new Set(names).size, names.length);
      for (const each of [...names, name]) assert.match(each, /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/);
      assert.match(namespace, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    });
  });

  it("gives every topic a name of its own that Kafka accepts, and one producer", () => {
    always(({ topics }) => {
      const names = topics.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(
        names.map(topicNameFault),
        names.map(() => undefined),
      );
      const producers = topics.map(({ producedBy }) => JSON.stringify(producedBy));
      assert.equal(new Set(producers).size, producers.length);
    });
  });

  it("lets a component read what is piped into it, and nothing else", () => {
    always((planned, pipeline) => {
      const component = new Map(planned.components.map((each) => [referenceOf(each), each]));
      for (const [reference, { identity }] of component) {
        const sources = pipesOf(pipeline).filter(({ to }) => to.component === reference);
        const topics = sources.map(({ from }) => {
          const producer = component.get(from.component)?.name;
          return planned.topics.find(
            ({ producedBy }) => producedBy.component === producer && producedBy.port === from.port,
          )?.name;
        });
        assert.deepEqual(identity.reads, [...new Set(topics)].sort());
        assert.equal(identity.consumerGroup !== undefined, identity.reads.length > 0);
      }
    });
  });

  it("lets a component write its own topics, and nothing else", () => {
    always(({ topics, components }) => {
      for (const { name, identity } of components) {
        const own = topics.filter(({ producedBy }) => producedBy.component === name);
        assert.deepEqual(identity.writes, own.map((topic) => topic.name).sort());
      }
    });
  });

  it("names only topics that it declares", () => {
    always(({ topics, components }) => {
      const names = new Set(topics.map(({ name }) => name));
      const named = components.flatMap((component) => {
        if (component.kind === "endpoint") return component.paths.map(({ topic }) => topic);
        if (component.kind === "eventHook") return component.webhooks.flatMap((webhook) => webhook.topics);
        if (component.kind === "dataConnector") {
          const { configs, offsets, status } = component.internalTopics;
          return [configs, offsets, status];
        }
        const { inputs, outputs, environment } = component;
        const variables = Object.values(environment).flatMap((value) => value.split(","));
        return [
          ...inputs.flatMap((input) => input.topics),
          ...outputs.flatMap(({ topic }) => topic ?? []),
          ...variables,
        ];
      });
      for (const name of named) assert.ok(names.has(name), name);
    });
  });

  it("gives every topic partitions enough for its readers", () => {
    always(({ topics, components }) => {
      for (const { partitions, consumedBy } of topics) {
        for (const { component } of consumedBy) {
          const reader = components.find(({ name }) => name === component);
          assert.ok(partitions >= (reader?.autoscaling?.maxReplicas ?? reader?.replicas ?? Infinity));
        }
      }
    });
  });

  it("gives GPUs to exactly the algos that ask for some, and as many", () => {
    always(({ components }, { algos }) => {
      const given = components.flatMap((component) => (component.kind === "algo" ? [component] : []));
      const counts = given.map(({ algo, gpu }) => `${algo.name} ${gpu?.count ?? 0}`);
      assert.deepEqual(counts.sort(), algos.map(({ name, gpus }) => `${name} ${gpus}`).sort());
    });
  });

  it("warns of a circle exactly where some algo's messages come back to it", () => {
    always(({ warnings }, pipeline) => {
      const pipes = pipesOf(pipeline).map(({ from, to }) => [from.component, to.component] as const);
      const names = [...new Set(pipes.flat())];
      const ways = new Set(pipes.map(([from, to]) => `${from} ${to}`));
      for (const over of names)
        for (const from of names)
          for (const to of names)
            if (ways.has(`${from} ${over}`) && ways.has(`${over} ${to}`)) ways.add(`${from} ${to}`);
      const returns = names.some((name) => ways.has(`${name} ${name}`));
      assert.equal(
        warnings.some((warning) => warning.includes("lead in a circle")),
        returns,
      );
    });
  });

  it("warns of exactly the algos that are fed, and not by the endpoint in the end", () => {
    always(({ warnings }, pipeline) => {
      const pipes = pipesOf(pipeline).map(({ from, to }) => [from.component, to.component] as const);
      const reached = new Set(["Endpoint"]);
      for (let size = 0; size < reached.size;) {
        size = reached.size;
        for (const [from, to] of pipes) if (reached.has(from)) reached.add(to);
      }
      const fed = new Set(pipes.map(([, to]) => to).filter((name) => name !== "EventHook"));
      const idle = [...fed].filter((name) => !reached.has(name));
      assert.equal(
        warnings.filter((warning) => warning.includes("without data of their own")).length,
        idle.length,
      );
    });
  });

  it("lets an autoscaler follow the lag of exactly the topics that are piped into its component", () => {
    always((planned, pipeline) => {
      for (const component of planned.components) {
        const { autoscaling, identity } = component;
        const followed = (autoscaling?.metrics ?? []).flatMap((metric) =>
          metric.source === "ConsumerLag" ? [metric] : [],
        );
        if (followed.length === 0) continue;
        const pipes = pipesOf(pipeline).filter(({ to }) => to.component === referenceOf(component));
        const outputs = new Set(pipes.map(({ from }) => JSON.stringify(from)));
        assert.equal(followed.length, outputs.size);
        for (const { consumerGroup, topic } of followed) {
          assert.equal(consumerGroup, identity.consumerGroup);
          assert.ok(identity.reads.includes(topic));
        }
      }
    });
  });

  it("opens object storage to exactly the components that write or read by reference", () => {
    always(({ components, storageBucket }, { paths }) => {
      const users = components.filter(({ network }) =>
        network.egress.some(({ to }) => to === "objectStorage"),
      );
      const granted = [...(storageBucket?.writers ?? []), ...(storageBucket?.readers ?? [])];
      assert.deepEqual(users.map(({ name }) => name).sort(), [...new Set(granted)].sort());
      assert.equal(
        storageBucket !== undefined,
        paths.some(({ byReference }) => byReference),
      );
    });
  });

  it("makes the same plan whatever the order of files, algos, ports and pipes", () => {
    fc.assert(
      fc.property(pipelineArbitrary, (pipeline) => {
        const given = plan(pipeline);
        const turned = plan(pipeline, true);
        // Only places differ: the names of files and the numbers of lines.
        const { source, warnings } = given;
        assert.deepEqual({ ...turned, source, warnings }, given);
        assert.equal(turned.warnings.length, warnings.length);
      }),
      { numRuns: 200 },
    );
  });

  it("makes the same plan beside any other pipeline", () => {
    fc.assert(
      fc.property(pipelineArbitrary, pipelineArbitrary, (pipeline, other) => {
        const id = `${pipeline.owner}.${pipeline.name}`;
        fc.pre(id !== `${other.owner}.${other.name}`);
        const alone = documentsOf(pipeline);
        const beside = documentsOf(other, false, "other-");
        const deployments = [...beside.deployments, ...alone.deployments];
        const algos = [...beside.algos, ...alone.algos];
        const { plans } = planPipelines(
          { deployments, algos, faultyAlgos: [], connectors: [], faultyConnectors: [], problems: [] },
          platform,
        );
        assert.equal(plans.length, 2);
        assert.deepEqual(
          plans.find((each) => each.id === id),
          plan(pipeline),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("makes plans that are plain data, frozen to their depth", () => {
    always((planned) => {
      assert.deepEqual(JSON.parse(JSON.stringify(planned)), planned);
      assertFrozen(planned);
    });
  });
});

function assertFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  assert.ok(Object.isFrozen(value));
  Object.values(value).forEach(assertFrozen);
}
