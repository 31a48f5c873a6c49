import assert from "node:assert/strict";
import {
  deliveriesLost,
  hookConfigFile,
  hookConfigKey,
  pipelineConfig,
  routesFrom,
} from "../../../demo/pipeline-config";
import { standIns } from "../../../demo/stand-ins";
import { podObjects, type PodObjects } from "../../../local/pods/kubernetes-objects";
import { withLocalWebhooks } from "../../../demo/webhook-targets";
import { hookConfigSchema } from "../../../services/hook-runner/hook-config";
import { examplePods } from "../../local/pods/example-pods";
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
    const objects = examplePods("till-payment-notices");
    const namespace = "algorun-till-payment-notices";
    const { hook } = pipelineConfig(objects, namespace);
    assert.ok(hook);
    const changed = withLocalWebhooks(objects, namespace, hook, "http://127.64.1.1:4000");
    const [before, after] = [objects, changed].map(({ secrets }) =>
      hookConfigSchema.parse(JSON.parse(secrets[hookConfigKey(namespace)]?.[hookConfigFile] ?? "")),
    );
    assert.ok(before && after);
    const names = before.webhooks.map(({ name }) => name);
    assert.deepEqual(
      after.webhooks.map(({ url }) => url),
      names.map((name) => `http://127.64.1.1:4000/${name}`),
    );
    const withoutUrls = ({ webhooks, ...others }: typeof before): unknown => ({
      ...others,
      webhooks: webhooks.map((webhook) => ({ ...webhook, url: "" })),
    });
    assert.deepEqual(withoutUrls(after), withoutUrls(before));
  });
});

describe("dead letters of the demo", () => {
  const config = pipelineConfig(examplePods("till-payment-notices"), "algorun-till-payment-notices");
  const topicOf = (workload: string): string =>
    config.readers.find(({ name }) => name === workload)?.deadLetterTopics[0] ?? "";

  it("of an algo stand for all deliveries that its results would have led to", () => {
    const lost = deliveriesLost(topicOf("till-rate-payment-5-2-0-1"), undefined, config);
    assert.deepEqual(Object.keys(lost).sort(), ["case-team", "ledger", "shop"]);
    assert.deepEqual(lost, routesFrom(config.paths[0]?.topic ?? "", config));
  });

  it("of the hook stand for one delivery, to the webhook that would not take it", () => {
    assert.deepEqual(deliveriesLost(topicOf("hook"), "ledger", config), { ledger: 1 });
  });

  it("of another pipeline stand for nothing", () => {
    assert.deepEqual(deliveriesLost("another.topic", "ledger", config), {});
  });
});
