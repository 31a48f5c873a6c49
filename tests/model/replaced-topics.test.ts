import assert from "node:assert/strict";
import type { PipelinePlan, TopicPlan } from "../../pipelines/model/plan/plan";
import { algoOf, endpointOf, planOf, problemsOf, soundText, withPathField } from "./documents-under-test";

const old = "algorun.acme.shout.endpoint.0.texts";

function withTopic(fields: string): string {
  return withPathField(`topic: { outputName: texts, autoPartition: true, ${fields} }`);
}

function topicOf({ topics }: PipelinePlan, name: string): TopicPlan {
  const topic = topics.find((each) => each.name === name);
  assert.ok(topic, name);
  return topic;
}

describe("a topic that another one replaces", () => {
  const text = withTopic(`topicName: texts.v2, replaces: [{ topicName: ${old}, partitions: 12 }]`);
  const plan = planOf(text);

  it("stays as it is", () => {
    const { partitions, purpose, consumedBy } = topicOf(plan, old);
    assert.deepEqual([partitions, purpose], [12, "replaced"]);
    assert.deepEqual(consumedBy, topicOf(plan, "texts.v2").consumedBy);
  });

  it("is read by all readers of the output, beside the new one", () => {
    const { identity, inputs, environment } = algoOf(plan);
    assert.deepEqual(identity.reads, [old, "texts.v2"]);
    assert.deepEqual(inputs[0]?.topics, [old, "texts.v2"]);
    assert.equal(environment["KAFKA_INPUT_TOPIC_TEXT"], `${old},texts.v2`);
    assert.equal(identity.consumerGroup, algoOf(planOf(soundText)).identity.consumerGroup);
  });

  it("is written by nobody", () => {
    assert.deepEqual(endpointOf(plan).identity.writes, ["texts.v2"]);
    assert.equal(endpointOf(plan).paths[0]?.topic, "texts.v2");
  });

  it("keeps the retry topics of messages that come from it", () => {
    const retrying = text.replace(
      "      index: 1\n",
      "      index: 1\n      retryEnabled: true\n      retryStrategy: { strategy: RetryTopics, steps: [{ backoffDuration: 5m }] }\n",
    );
    const { retries } = algoOf(planOf(retrying));
    assert.deepEqual(
      retries.map(({ topic, steps }) => [topic, steps[0]?.topic]),
      [
        [old, `${old}.5m`],
        ["texts.v2", "texts.v2.5m"],
      ],
    );
    assert.equal(topicOf(planOf(retrying), `${old}.5m`).partitions, 12);
  });

  it("fills placeholders, and has a name that Kafka takes", () => {
    const named = (name: string): string =>
      withTopic(`topicName: texts.v2, replaces: [{ topicName: '${name}', partitions: 12 }]`);
    assert.equal(topicOf(planOf(named("{deploymentname}.in")), "shout.in").partitions, 12);
    assert.deepEqual(problemsOf(named("__in")), [
      "error shout.yaml:36 spec.endpoint.paths[0].topic.replaces[0].topicName: found \"__in\", with a name of Kafka's own, expected one that does not begin with '__'",
    ]);
  });

  it("can't be the new one, nor another output's", () => {
    const upper = "algorun.acme.shout.upper-case.1.upper";
    const was = "what was the topic of the path texts of the endpoint of acme.shout";
    const at = "error shout.yaml:36 spec.endpoint.paths[0].topic.";
    const replaces = `replaces: [{ topicName: ${old}, partitions: 12 }, { topicName: ${upper}, partitions: 3 }]`;
    const problems = problemsOf(withTopic(replaces));
    assert.equal(problems.length, 2);
    assert.ok(
      problems.some((line) => line.startsWith(`${at}replaces[0]`) || line.startsWith(`${at}topicName`)),
    );
    assert.ok(problems.every((line) => line.includes(was)));
  });
});
