import assert from "node:assert/strict";
import type { TopicPlan } from "../../pipelines/model/plan/plan";
import { algoOf, planOf, platform, soundText, withAlgoField, withPathField } from "./documents-under-test";

function topicInto(text: string, component: string): TopicPlan {
  const topic = planOf(text).topics.find(({ consumedBy }) => consumedBy[0]?.component === component);
  assert.ok(topic);
  return topic;
}

const algo = "acme-upper-case-1-0-0-1";
const describedAs = (fields: string): string => withPathField(`topic: { outputName: texts, ${fields} }`);

describe("a plan says why", () => {
  it("a topic that the document does not describe has its partitions", () => {
    const { partitions, partitionsBecause } = topicInto(
      soundText.replace("      index: 1\n", "      replicas: 3\n"),
      algo,
    );
    assert.equal(partitions, 6);
    assert.deepEqual(partitionsBecause, {
      rule: "undescribed",
      readers: [{ component: algo, replicas: 3, adds: 3 }],
      sum: 4,
    });
  });

  it("a topic with autoPartition has its partitions", () => {
    assert.deepEqual(topicInto(describedAs("autoPartition: true"), algo).partitionsBecause, {
      rule: "autoPartition",
      readers: [{ component: algo, replicas: 1, adds: 1 }],
      sum: 2,
    });
  });

  it("a topic has the partitions that its document states, or one", () => {
    assert.deepEqual(topicInto(describedAs("partitions: 5"), algo).partitionsBecause, { rule: "stated" });
    assert.deepEqual(topicInto(describedAs("autoName: true"), algo).partitionsBecause, { rule: "default" });
  });

  it("each setting of a topic has its value", () => {
    const params = "topicParams: [{ name: retention.ms, value: 60000 }]";
    assert.deepEqual(topicInto(describedAs(`partitions: 1, ${params}`), algo).parametersBecause, {
      "min.insync.replicas": { rule: "copies", copies: 3 },
      "retention.ms": { rule: "stated" },
    });
    const stated = "topicParams: [{ name: min.insync.replicas, value: 1 }], replicationFactor: 2";
    assert.deepEqual(topicInto(describedAs(`partitions: 1, ${stated}`), algo).parametersBecause, {
      "min.insync.replicas": { rule: "stated" },
    });
  });

  it("a topic for messages that failed has its settings", () => {
    const retried = soundText.replace(
      "      index: 1\n",
      "      index: 1\n      retryEnabled: true\n      retryStrategy: { strategy: RetryTopics, steps: [{ index: 1, backoffDuration: 30s }] }\n",
    );
    const reasons = planOf(retried).topics.flatMap(({ purpose, parameters, parametersBecause }) => {
      assert.deepEqual(Object.keys(parametersBecause), Object.keys(parameters));
      return purpose === undefined
        ? []
        : [parametersBecause["min.insync.replicas"], parametersBecause["retention.ms"]];
    });
    const served = { rule: "served", topic: "algorun.acme.shout.endpoint.0.texts" };
    assert.deepEqual(reasons, [
      served,
      { rule: "retry" },
      served,
      { rule: "deadLetter" },
      { rule: "served", topic: "algorun.acme.shout.upper-case.1.upper" },
      { rule: "deadLetter" },
    ]);
  });

  it("resources are what they are", () => {
    const because = (text: string, facts = platform): unknown => algoOf(planOf(text, facts)).resourcesBecause;
    assert.equal(because(soundText), "default");
    assert.equal(because(soundText, { ...platform, pipelineDefaults: { algo: "large" } }), "stack");
    assert.equal(because(withAlgoField("resources: { limits: { cpu: 1 } }")), "stated");
  });

  it("a topic and a bucket have their names", () => {
    assert.equal(topicInto(soundText, algo).nameBecause, "automatic");
    assert.equal(topicInto(describedAs("topicName: acme.texts"), algo).nameBecause, "stated");
    const stored = withPathField("messageDataType: FileReference");
    assert.equal(planOf(stored).storageBucket?.nameBecause, "automatic");
    const named = stored.replace(
      "  deploymentName: shout\n",
      "  deploymentName: shout\n  storageBucket: texts\n",
    );
    assert.equal(planOf(named).storageBucket?.nameBecause, "stated");
    assert.notEqual(named, stored);
  });
});
