import assert from "node:assert/strict";
import { assess } from "../../local/stack/preview";
import { describeCapacity } from "../../local/stack/capacity-summary";
import { describeChanges, describeOutputs } from "../../local/stack/summary";

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
