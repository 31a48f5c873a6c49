import assert from "node:assert/strict";
import { z } from "zod";
import { manifests, theManifest } from "../../harness/manifests";
import { podTemplates } from "../../harness/pod-templates";
import { resourcesOf, theOne } from "./pipeline-under-test";
import type { PipelineUnderTest } from "./plans-under-test";

const withToken: PipelineUnderTest = {
  algos: [{ name: "solo" }],
  webHooks: [
    "{ pipelineHookInputName: results, webHookUrl: 'https://hooks.example:8443/results', httpHeaders: 'Authorization: Bearer hush-hush' }",
  ],
};

describe("an event hook", () => {
  it("keeps its configuration in a Secret that the engine encrypts, since headers may carry tokens", async () => {
    const resources = await resourcesOf(withToken);
    const secret = theOne(resources, "core/v1:Secret", "acme-texts-hook-config");
    assert.deepEqual(secret.secrets, ["stringData"]);
    assert.match(JSON.stringify(secret.inputs), /hush-hush/);
    const others = manifests(resources).filter(({ metadata }) => metadata.name !== "hook-config");
    assert.doesNotMatch(JSON.stringify(others), /hush-hush/);
  });

  it("reads the configuration that it is given", async () => {
    const [hook] = podTemplates(await resourcesOf(withToken)).filter(({ name }) => name === "hook");
    const [container] = hook?.template.spec.containers ?? [];
    assert.deepEqual(container?.args, ["--config=/etc/algorun/hook/config.json"]);
    assert.equal(container.image, "registry.example/algorun/hook-runner:1.0.0");
    const mount = container.volumeMounts.find(({ mountPath }) => mountPath === "/etc/algorun/hook");
    const volume = hook?.template.spec.volumes.find(({ name }) => name === mount?.name);
    assert.deepEqual(volume?.["secret"], { secretName: "hook-config", defaultMode: 0o440 });
  });

  it("may connect to its receivers' ports and to Kafka", async () => {
    const policy = theManifest(
      await resourcesOf(withToken),
      "NetworkPolicy",
      "hook",
      z.looseObject({
        spec: z.looseObject({
          egress: z.array(z.looseObject({ ports: z.array(z.looseObject({ port: z.number() })) })),
        }),
      }),
    );
    assert.deepEqual(
      policy.spec.egress.map(({ ports }) => [...new Set(ports.map(({ port }) => port))]),
      [[53], [9092], [8443]],
    );
  });
});
