import assert from "node:assert/strict";
import { pipelineWorkloads } from "../../../demo/deployed-objects";
import { podObjects } from "../../../local/pods/kubernetes-objects";

function workloadOf(pipeline: string): unknown {
  const metadata = {
    name: "hook",
    namespace: pipeline,
    labels: { "algo.run/pipeline-deployment": pipeline },
  };
  const template = { metadata: {}, spec: { containers: [{ name: "hook", image: "hook" }] } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 1, template } };
}

describe("the pipeline of a demo", () => {
  it("that is not deployed is told with those that are, and how it comes to be", () => {
    const objects = podObjects(["acme.b", "acme.a", "acme.b"].map(workloadOf));
    assert.throws(() => pipelineWorkloads(objects, "acme.c"), {
      message:
        'PIPELINE: found no deployed pipeline "acme.c", expected acme.a or acme.b; to deploy it, put its document into ' +
        "a folder of the stack's documents and run `make up`",
    });
  });

  it("is sent to `make up` where nothing is deployed", () => {
    assert.throws(() => pipelineWorkloads(podObjects([]), "acme.c"), {
      message: 'PIPELINE: found no deployed pipeline "acme.c", run `make up` first',
    });
  });
});
