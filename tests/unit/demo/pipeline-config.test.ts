import assert from "node:assert/strict";
import { pipelineConfig, routesFrom } from "../../../demo/pipeline-config";
import { standIns } from "../../../demo/stand-ins";
import { podObjects, type PodObjects } from "../../../local/pods/kubernetes-objects";
import { withLocalWebhooks } from "../../../demo/webhook-targets";
import { readGolden } from "../../golden/read-golden";
import { loadAll } from "js-yaml";
import { join } from "node:path";

const namespaces = {
  orders: "algorun-acme-order-enrichment",
  vibration: "plants-northwind-vibration-watch",
} as const;

function deployed(namespace: string): PodObjects {
  const files = readGolden(join(__dirname, "..", "..", "golden", "dev"));
  const texts = [files[`namespace-${namespace}.yaml`], files[`secrets/namespace-${namespace}.yaml`]];
  return podObjects(texts.flatMap((text) => loadAll(text ?? "")));
}

describe("a deployed pipeline, as the demo reads it", () => {
  it("leads an order to two webhooks, by way of two algos", () => {
    const config = pipelineConfig(deployed(namespaces.orders), namespaces.orders);
    const [path] = config.paths;
    assert.deepEqual(Object.values(routesFrom(path?.topic ?? "", config)), [1, 1]);
    assert.equal(config.readers.length, 4);
  });

  it("leads readings and recordings to one webhook", () => {
    const config = pipelineConfig(deployed(namespaces.vibration), namespaces.vibration);
    for (const { topic } of config.paths) assert.deepEqual(Object.values(routesFrom(topic, config)), [1]);
    assert.deepEqual(routesFrom("another.topic", config), {});
  });

  it("that has no endpoint is an error", () => {
    assert.throws(() => pipelineConfig(podObjects([]), "nowhere"), /nowhere has no endpoint/);
  });
});

describe("what stands in for algos", () => {
  const objects = deployed(namespaces.orders);

  it("is an echo by the algo's executor, and said", () => {
    const { notes, programs } = standIns(objects, namespaces.orders, {});
    assert.equal(notes.length, 3);
    assert.ok(notes.every((note) => note.endsWith("an echo stands in for its image")));
    const commandOf = (name: string): string =>
      Object.entries(programs)
        .filter(([image]) => image.endsWith(`/${name}`))
        .map(([, { entrypoint }]) => entrypoint.join(" "))
        .join();
    assert.match(commandOf("validate-order"), /echo\.sh copy - - -$/);
    assert.match(commandOf("geocode-address"), /echo-server\.ts 8080$/);
    assert.match(commandOf("fraud-score"), /echo-client\.ts 9000$/);
  });

  it("is the command that is stated for an algo, in place of its entry point", () => {
    const commands = { "acme.validate-order": ["/usr/bin/jq", "."] };
    const { objects: changed, notes } = standIns(objects, namespaces.orders, commands);
    assert.ok(notes.includes("acme.validate-order: /usr/bin/jq ."));
    const key = `${namespaces.orders}/acme-validate-order-2-3-1-1-runner-config`;
    assert.match(
      changed.configMaps[key]?.["runner.json"] ?? "",
      /"entrypoint": \[\s*"\/usr\/bin\/jq",\s*"\."\s*\]/,
    );
  });
});

describe("webhooks of the demo", () => {
  it("lead to the local receiver, and keep all else that the hook is told", () => {
    const objects = deployed(namespaces.orders);
    const before = pipelineConfig(objects, namespaces.orders).hook;
    assert.ok(before);
    const changed = withLocalWebhooks(objects, namespaces.orders, before, "http://127.64.1.1:4000");
    const after = pipelineConfig(changed, namespaces.orders).hook;
    assert.ok(after);
    assert.deepEqual(
      after.webhooks.map(({ url }) => url),
      before.webhooks.map(({ name }) => `http://127.64.1.1:4000/${name}`),
    );
    assert.deepEqual(
      { ...after, webhooks: after.webhooks.map((each) => ({ ...each, url: "" })) },
      { ...before, webhooks: before.webhooks.map((each) => ({ ...each, url: "" })) },
    );
  });
});
