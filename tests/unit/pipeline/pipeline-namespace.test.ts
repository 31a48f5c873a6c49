import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { RegisteredResource } from "../../harness/deploy";
import { theManifest } from "../../harness/manifests";
import { podTemplates } from "../../harness/pod-templates";
import { resourcesOf, theOne } from "./pipeline-under-test";
import { platformUnderTest } from "./platform-under-test";
import { componentOf, type PipelineUnderTest } from "./plans-under-test";

const solo: PipelineUnderTest = { algos: [{ name: "solo" }] };

const quotaSchema = z.looseObject({ spec: z.object({ hard: z.record(z.string(), z.string()) }) });

async function quota(pipeline: PipelineUnderTest): Promise<Record<string, string>> {
  return theManifest(await resourcesOf(pipeline), "ResourceQuota", "quota", quotaSchema).spec.hard;
}

describe("the namespace of a pipeline", () => {
  it("is named by the plan and says whose it is", async () => {
    const { metadata } = theManifest(
      await resourcesOf(solo),
      "Namespace",
      "algorun-acme-texts",
      z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }) }),
    );
    assert.equal(metadata.labels["algo.run/pipeline-deployment"], "acme.texts");
    assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("has room for what the plan can grow to, and while pods are replaced, and for no more", async () => {
    // One pod of the endpoint, which is replaced in place; an algo and a hook, each of them twice for a while.
    assert.deepEqual(await quota(solo), {
      persistentvolumeclaims: "1",
      pods: "5",
      services: "6",
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    });
    const scaled = "replicas: 2, autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 7 }";
    const grown = await quota({ algos: [{ name: "solo", deployed: scaled }], endpoint: scaled });
    assert.deepEqual([grown["pods"], grown["persistentvolumeclaims"]], ["23", "7"]);
  });

  it("brings the right to pull images along, where one is needed", async () => {
    const { registry, ...platform } = platformUnderTest();
    const pullSecret = pulumi.secret('{"auths":{"registry.example":{"auth":"hush-hush"}}}');
    const resources = await resourcesOf(solo, {
      platform: { ...platform, registry: { ...registry, pullSecret } },
    });
    assert.deepEqual(theOne(resources, "core/v1:Secret", "acme-texts-registry").secrets, ["stringData"]);
    assert.deepEqual(pullSecretsOf(resources), [{ name: "registry" }]);
  });

  it("has no such Secret where images are public", async () => {
    assert.deepEqual(pullSecretsOf(await resourcesOf(solo)), undefined);
  });
});

function pullSecretsOf(resources: readonly RegisteredResource[]): unknown {
  const pods = podTemplates(resources).find(({ name }) => name === componentOf("solo"));
  return pods?.template.spec["imagePullSecrets"];
}
