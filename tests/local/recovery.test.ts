import assert from "node:assert/strict";
import { lostTopics, outcomes, settled, unknowable } from "../../local/stack/recovery";
import { endingIn, isUncorrected, type StackState, type StateResource } from "../../local/stack/stack-state";
import { withPasswords } from "../../local/stack/unknown-passwords";
import { asGenerated } from "../../local/stack/unrecorded-secrets";
import { recordable } from "../../local/stack/unrecorded-resources";

describe("the settling of an interrupted update", () => {
  const provider = "urn:pulumi:dev::algorun::pulumi:providers:kafka::broker::1";
  const known = {
    urn: "urn:pulumi:dev::algorun::kafka:index/topic:Topic::a",
    type: "kafka:index/topic:Topic",
  };
  const topic = {
    urn: "urn:b",
    type: "kafka:index/topic:Topic",
    provider,
    inputs: { name: "orders", partitions: 3 },
  };

  function settle(
    ...operations: readonly { type: string; resource: { urn: string; type: string } }[]
  ): unknown {
    const deployment = {
      resources: [known],
      pending_operations: [...operations],
      manifest: { version: "3" },
    };
    return settled({ version: 3, deployment }).deployment;
  }

  it("puts down a topic as made, with all that was known of it", () => {
    assert.deepEqual(settle({ type: "creating", resource: topic }), {
      resources: [known, { ...topic, id: "orders", outputs: {} }],
      pending_operations: [],
      manifest: { version: "3" },
    });
  });

  it("knows objects of Kubernetes by namespace and name", () => {
    const metadata = { name: "gateway", namespace: "shop" };
    const object = { urn: "urn:c", type: "kubernetes:core/v1:Service", inputs: { metadata } };
    const scope = {
      urn: "urn:d",
      type: "kubernetes:core/v1:Namespace",
      inputs: { metadata: { name: "shop" } },
    };
    const operations = [object, scope].map((resource) => ({ type: "creating", resource }));
    const { resources } = settled({ deployment: { pending_operations: operations } }).deployment;
    assert.deepEqual(
      resources?.map((resource) => resource["id"]),
      ["shop/gateway", "shop"],
    );
  });

  it("leaves to its provider what only that can name, and nothing that is the engine's own", () => {
    const bucket = { urn: "urn:h", type: "aws:s3/bucket:Bucket", custom: true };
    const component = { urn: "urn:i", type: "algorun:workload:StatefulSet", custom: false };
    const password = { urn: "urn:j", type: "random:index/randomPassword:RandomPassword", custom: true };
    const operations = [bucket, component, password, topic].map((resource) => ({
      type: "creating",
      resource,
    }));
    assert.deepEqual(unknowable({ deployment: { pending_operations: operations } }), [bucket]);
    const deleting = { type: "deleting", resource: bucket };
    assert.deepEqual(unknowable({ deployment: { pending_operations: [deleting] } }), []);
  });

  it("knows users and access rules by what Kafka's provider calls them", () => {
    const user = {
      urn: "urn:f",
      type: "kafka:index/userScramCredential:UserScramCredential",
      inputs: { username: "acme", scramMechanism: "SCRAM-SHA-512" },
    };
    const rule = {
      urn: "urn:g",
      type: "kafka:index/acl:Acl",
      inputs: {
        aclPrincipal: "User:acme",
        aclHost: "*",
        aclOperation: "Read",
        aclPermissionType: "Allow",
        aclResourceType: "Topic",
        aclResourceName: "orders",
        resourcePatternTypeFilter: "Literal",
      },
    };
    const operations = [user, rule].map((resource) => ({ type: "creating", resource }));
    const { resources } = settled({ deployment: { pending_operations: operations } }).deployment;
    assert.deepEqual(
      resources?.map(({ id }) => id),
      ["acme|SCRAM-SHA-512", "User:acme|*|Read|Allow|Topic|orders|Literal"],
    );
  });

  it("forgets what is made again without harm, and what was not a creation", () => {
    const password = {
      urn: "urn:e",
      type: "random:index/randomPassword:RandomPassword",
      inputs: { length: 20 },
    };
    const expected = { resources: [known], pending_operations: [], manifest: { version: "3" } };
    assert.deepEqual(settle({ type: "creating", resource: password }), expected);
    assert.deepEqual(settle({ type: "deleting", resource: topic }), expected);
  });

  it("keeps the record of a resource that was being replaced", () => {
    const replacement = { ...topic, urn: known.urn };
    const expected = { resources: [known], pending_operations: [], manifest: { version: "3" } };
    assert.deepEqual(settle({ type: "creating", resource: replacement }), expected);
  });
});

describe("the account of an interrupted update", () => {
  it("says of each operation what became of it", () => {
    const operation = (
      type: string,
      name: string,
    ): { type: string; resource: { urn: string; type: string } } => ({
      type,
      resource: {
        urn: `urn:pulumi:dev::algorun::algorun:data:KafkaTopics$kafka:index/topic:Topic::${name}`,
        type: "kafka:index/topic:Topic",
      },
    });
    const operations = [
      operation("creating", "made"),
      operation("creating", "missing"),
      operation("deleting", "made"),
      operation("deleting", "removed"),
      operation("updating", "made"),
    ];
    const recorded = new Set(operations.slice(0, 1).map(({ resource }) => resource.urn));
    assert.deepEqual(outcomes({ deployment: { pending_operations: operations } }, recorded), [
      "Topic made: was made, and is recorded now",
      "Topic missing: was not made; the next update makes it",
      "Topic made: was not removed; the next update looks whether it should be",
      "Topic removed: was removed",
      "Topic made: may be changed in part; the next update completes it",
    ]);
  });
});

describe("a state that is not corrected yet", () => {
  const stated = (outputs: Record<string, unknown>): StackState => ({
    deployment: { resources: [{ urn: "urn:a", type: "kubernetes:core/v1:Namespace", id: "a", outputs }] },
  });

  it("has what Kubernetes is still deleting", () => {
    const deleted = stated({ metadata: { name: "a", deletionTimestamp: "2026-11-26T07:00:00Z" } });
    assert.deepEqual(endingIn(deleted), ["urn:a"]);
    assert.equal(isUncorrected(deleted), true);
    assert.equal(isUncorrected(stated({ metadata: { name: "a" } })), false);
  });

  it("has what was put down as made, and was never looked for", () => {
    assert.equal(isUncorrected(stated({})), true);
  });

  it("has users of Kafka whose password a refresh did not find", () => {
    assert.equal(isUncorrected(withUser({ username: "acme" })), true);
    assert.equal(isUncorrected(withUser({ username: "acme", password: { ciphertext: "AAA" } })), false);
  });

  it("gets some password for each of these, which its provider asks for, and keeps those that it has", () => {
    assert.deepEqual(
      withPasswords(withUser({ username: "acme" })),
      withUser({ username: "acme", password: "not recorded" }),
    );
    for (const whole of [withUser({ username: "acme", password: { ciphertext: "AAA" } }), stated({})])
      assert.equal(withPasswords(whole), whole);
  });

  function withUser(inputs: Record<string, unknown>): StackState {
    const type = "kafka:index/userScramCredential:UserScramCredential";
    const user = { urn: "urn:b", type, id: "acme|SCRAM-SHA-512", inputs, outputs: { username: "acme" } };
    return { deployment: { resources: [user] } };
  }
});

describe("topics that are gone", () => {
  it("are told of, but for those that were being deleted", () => {
    const topic = (name: string): { urn: string; type: string } => ({
      urn: `urn:pulumi:dev::algorun::kafka:index/topic:Topic::${name}`,
      type: "kafka:index/topic:Topic",
    });
    const state = {
      deployment: {
        resources: [topic("kept"), topic("deleted"), topic("gone")],
        pending_operations: [{ type: "deleting", resource: topic("deleted") }],
      },
    };
    assert.deepEqual(lostTopics(state, new Set([topic("kept").urn])), [
      "Topic gone: is gone from Kafka with all its messages; if a document has it, the next update makes it empty",
    ]);
  });
});

describe("generated values that were found", () => {
  it("have the arguments that they are generated with, so that none is generated anew", () => {
    const password = (name: string, outputs: Record<string, unknown>): StateResource => ({
      urn: `urn:pulumi:dev::algorun::random:index/randomPassword:RandomPassword::${name}`,
      type: "random:index/randomPassword:RandomPassword",
      inputs: { length: 3 },
      outputs,
    });
    const other = password("other", { result: "xyz", special: true });
    const state = {
      deployment: {
        resources: [password("sql", { result: "abc", special: true, __pulumi_raw_state_delta: {} }), other],
      },
    };
    const inputs = { length: 3, special: false };
    const { resources } = asGenerated(state, new Map([["RandomPassword sql", inputs]])).deployment;
    assert.deepEqual(JSON.parse(JSON.stringify(resources)), [
      { ...password("sql", { result: "abc", length: 3, special: false }), inputs },
      other,
    ]);
  });
});

describe("topics that a state does not record", () => {
  const parent = "urn:pulumi:dev::algorun::algorun:data:KafkaTopics::orders";
  const provider = "urn:pulumi:dev::algorun::pulumi:providers:kafka::broker";
  const state = {
    deployment: {
      resources: [
        { urn: parent, type: "algorun:data:KafkaTopics" },
        { urn: provider, type: "pulumi:providers:kafka", id: "1" },
      ],
    },
  };
  const topic = {
    urn: "urn:pulumi:dev::algorun::algorun:data:KafkaTopics$kafka:index/topic:Topic::orders",
    type: "kafka:index/topic:Topic",
    parent,
    provider: `${provider}::1`,
    inputs: { name: "orders", partitions: 3 },
    dependencies: ["urn:not-there"],
  };

  it("are put into it as the program states them, with no dependency that is not there", () => {
    const [added] = recordable(state, [topic]);
    assert.deepEqual(JSON.parse(JSON.stringify(added)), {
      urn: topic.urn,
      type: topic.type,
      parent,
      provider: topic.provider,
      inputs: topic.inputs,
      id: "orders",
      outputs: {},
    });
  });

  it("wait for what they belong to, and for their provider", () => {
    assert.deepEqual(recordable(state, [{ ...topic, parent: "urn:other" }]), []);
    assert.deepEqual(recordable(state, [{ ...topic, provider: `${provider}::2` }]), []);
  });
});
