import assert from "node:assert/strict";
import type { TopicPlan } from "../../pipelines/model/plan/plan";
import { planOf, soundText, withPathField } from "./documents-under-test";

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
