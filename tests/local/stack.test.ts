import assert from "node:assert/strict";
import { assess } from "../../local/stack/preview";
import { settled } from "../../local/stack/recovery";
import { describeCapacity } from "../../local/stack/capacity-summary";
import { describeChanges, describeOutputs } from "../../local/stack/summary";

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

describe("the assessment of a preview", () => {
  const summary = (resourceChanges: Record<string, number>): object => ({
    summaryEvent: { resourceChanges },
  });
  const outputs = (before: unknown, after: unknown): object => ({
    resOutputsEvent: {
      metadata: { type: "pulumi:pulumi:Stack", old: { outputs: before }, new: { outputs: after } },
    },
  });

  it("finds nothing to do where everything stays", () => {
    const events = [outputs({ a: 1 }, { a: 1 }), summary({ same: 7 })];
    assert.deepEqual(assess(events), { hasChanges: false, unchanged: 7 });
  });

  it("finds each kind of change of a resource", () => {
    for (const kind of ["create", "update", "replace", "delete", "read"]) {
      assert.equal(assess([summary({ same: 7, [kind]: 1 })]).hasChanges, true, kind);
    }
  });

  it("finds an output that changes alone", () => {
    const events = [
      outputs({ address: "a" }, {}),
      outputs({ address: "a" }, { address: "b" }),
      summary({ same: 7 }),
    ];
    assert.equal(assess(events).hasChanges, true);
  });
});

describe("the summary of `make up`", () => {
  it("says in a sentence what has changed", () => {
    assert.equal(describeChanges({ create: 3 }), "AlgoRun is up. Resources: 3 made.");
    assert.equal(
      describeChanges({ same: 5, update: 2, delete: 1, replace: 4 }),
      "AlgoRun is up. Resources: 2 changed, 4 replaced, 1 removed, 5 unchanged.",
    );
  });

  it("says so if nothing has", () => {
    const sentence = "AlgoRun is up. Nothing changed: all 5 resources are as they should be.";
    assert.equal(describeChanges({ same: 5 }), sentence);
  });

  it("lists addresses by the pipeline's name, and how to see a secret", () => {
    const outputs = {
      password: "[secret]",
      addresses: { http: "http://127.0.0.1" },
      deployments: {
        "acme.orders": { topics: ["a", "b"], addresses: { rtmp: {}, http: { in: "http://x/in" } } },
      },
    };
    assert.deepEqual(describeOutputs(outputs), [
      "http                 http://127.0.0.1",
      "acme.orders http in  http://x/in",
      "password             [secret] (pulumi stack output --show-secrets)",
    ]);
  });

  it("says in a few lines what all pipelines take", () => {
    const capacity = {
      allPipelines: {
        cluster: {
          pods: { least: "15", most: "48" },
          "requests.cpu": { least: "4", most: "4" },
          "limits.cpu": { least: "8", most: "9" },
        },
      },
      eachBroker: { copies: 49, partitionsLimit: 4000 },
    };
    assert.deepEqual(describeCapacity(capacity), [
      "pods                    15 to 48",
      "requests.cpu            4",
      "partitions of a broker  49, of 4000 at the most",
    ]);
    assert.deepEqual(describeCapacity(undefined), []);
  });
});
