import assert from "node:assert/strict";
import * as fc from "fast-check";
import { replicatedTopics } from "../../policies/kafka-topics";
import { environments, type Environment } from "../../policies/rule/environment";
import { withField } from "./fixtures";
import { judge, type Given } from "./harness";

const goodTopic: Given = {
  type: "kafka:index/topic:Topic",
  name: "local-test-text",
  parents: ["algorun:pipeline:Pipeline"],
  props: {
    name: "algorun.local.test.text",
    partitions: 6,
    replicationFactor: 3,
    config: { "min.insync.replicas": "2", "retention.ms": "604800000", "cleanup.policy": "delete" },
  },
};

function topic(replicationFactor: number, minInSync: string): Given {
  return withField(
    withField(goodTopic, ["replicationFactor"], replicationFactor),
    ["config", "min.insync.replicas"],
    minInSync,
  );
}

function foundIn(given: Given, environment: Environment = "prod"): string[] {
  return judge(replicatedTopics, given, { environment }).map(({ found }) => found);
}

describe("policy replicated-topics", () => {
  it("accepts three copies of which two must be in sync, in every environment", () => {
    for (const environment of environments) assert.deepEqual(foundIn(goodTopic, environment), []);
  });

  it("accepts a topic that leaves min.insync.replicas to the broker", () => {
    assert.deepEqual(foundIn(withField(goodTopic, ["config"], undefined)), []);
    assert.deepEqual(foundIn(withField(goodTopic, ["config", "min.insync.replicas"], undefined)), []);
  });

  it("accepts a single copy in dev and kind, and nowhere else", () => {
    const single = topic(1, "1");
    assert.deepEqual(foundIn(single, "dev"), []);
    assert.deepEqual(foundIn(single, "kind"), []);
    for (const environment of ["staging", "prod"] as const) {
      assert.deepEqual(foundIn(single, environment), [
        `the topic has 1 as replication factor, and ${environment} asks for 3 at least`,
        `min.insync.replicas is 1, and ${environment} asks for 2 at least`,
      ]);
    }
  });

  it("refuses a topic without a replication factor", () => {
    assert.deepEqual(foundIn(withField(goodTopic, ["replicationFactor"], undefined)), [
      "the topic has nothing as replication factor, and prod asks for 3 at least",
    ]);
  });

  it("refuses that all copies must be in sync", () => {
    assert.deepEqual(foundIn(topic(3, "3")), [
      "min.insync.replicas is 3 with 3 replicas, so that writers stop when one broker restarts",
    ]);
    assert.equal(foundIn(topic(1, "2"), "dev").length, 1);
  });

  for (const nonsense of ["0", "two", "", "1.5"]) {
    it(`refuses ${JSON.stringify(nonsense)} as min.insync.replicas`, () => {
      assert.deepEqual(foundIn(topic(3, nonsense)), [`min.insync.replicas is ${JSON.stringify(nonsense)}`]);
    });
  }

  it("points to the document that a topic comes from", () => {
    const [violation] = judge(replicatedTopics, topic(2, "1"), {
      config: { minimumInSyncReplicas: { prod: 1 } },
    });
    assert.deepEqual(violation, {
      policy: "replicated-topics",
      where: "Topic algorun.local.test.text, replicationFactor",
      found: "the topic has 2 as replication factor, and prod asks for 3 at least",
      fix: "set it to 3, or leave it out where the platform's default is enough",
      edit: 'the PipelineDeployment document that "local-test-text" is made for',
    });
  });

  it("takes the minimum of an environment from its configuration, and keeps the others", () => {
    const config = { minimumReplicationFactor: { prod: 5 } };
    assert.equal(judge(replicatedTopics, goodTopic, { config }).length, 1);
    assert.deepEqual(judge(replicatedTopics, goodTopic, { config, environment: "staging" }), []);
    assert.equal(judge(replicatedTopics, topic(2, "1"), { config, environment: "staging" }).length, 2);
  });

  it("leaves other resources alone", () => {
    assert.deepEqual(
      foundIn({ ...goodTopic, type: "kafka:index/quota:Quota", props: { replicationFactor: 1 } }),
      [],
    );
  });

  it("finds nothing exactly when copies are enough and one may be missing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 8 }), (factor, inSync) => {
        const isFine = factor >= 3 && inSync >= 2 && inSync < factor;
        assert.equal(foundIn(topic(factor, String(inSync))).length === 0, isFine);
      }),
    );
  });
});
