import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadDocuments } from "../../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import { planPipelines } from "../../../pipelines/model/plan-pipelines";
import { administer, consumeFirst, produce, refusalOf, type KafkaLogin } from "../../software/kafka-client";
import type { EngineEnvironment } from "../engine-environment";
import { componentLogin } from "../kafka-rights";

const algo = "acme-sharpen-1-0-1";
const namespace = "algorun-acme-sharp";

const documents = `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: sharpen }
spec:
  owner: acme
  name: sharpen
  executor: http
  versions: [{ versionTag: "1.0", image: { repository: ghcr.io/acme/sharpen, tag: "1.0" } }]
  inputs: [{ name: Picture, inputDeliveryType: Http, contentTypes: [image/png] }]
---
apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: sharp
  pipelineOwner: acme
  pipelineName: sharp
  pipelineVersionTag: "1.0"
  endpoint:
    paths:
      - name: pictures
        contentType: image/png
        topic: { outputName: pictures, topicName: sharp.v1, partitions: 1 }
  algos:
    - { algoRef: { name: sharpen }, version: "1.0" }
  pipes:
    - { sourceName: Endpoint, sourceOutputName: pictures, destName: "acme/sharpen:1.0[1]", destInputName: Picture }
`;

const deployment = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({ template: z.unknown() }),
});
const claim = z.object({ metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }) });
const secret = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
});

/** Secrets that are made anew while a pipeline goes on. */
export function rotatedSecrets(started: () => EngineEnvironment): void {
  describe("secrets that are rotated, on a real cluster and a real broker", () => {
    let engine: EngineEnvironment;
    let administrator: KafkaLogin;
    let old: KafkaLogin;
    let former: ReadonlyMap<string, string>;

    before(async () => {
      engine = started();
      engine.clearDocuments();
      writeFileSync(join(engine.documents, "sharp.yaml"), documents);
      const { bootstrapServers, caCertificate, username, password } = engine.environment.connections.kafka;
      administrator = { brokers: bootstrapServers, caCertificate, username, password };
      await engine.up();
      old = await login();
      former = await secrets();
      await produce(administrator, "sharp.v1", "a picture");
    });

    after(() => {
      engine.configure({ "algorun:rotation": {} });
    });

    it("replace the pods by one update, while the old user and the new one work", async () => {
      const [topic, claims, pods] = [await topicId(), await volumeClaims(), await template()];
      assert.equal(await firstOf(old), "a picture");
      engine.configure({ "algorun:rotation": { kafkaUsers: 2 } });
      assert.match(await engine.up(), /rotation\.kafkaUsers: generation 2 is in use, and 1 still works/);
      const now = await login();
      assert.equal(now.username, `${old.username ?? ""}@2`);
      for (const known of [old, now]) assert.equal(await firstOf(known), "a picture");
      assert.notEqual(await template(), pods);
      assert.equal(await topicId(), topic);
      assert.deepEqual(await volumeClaims(), claims);
      assert.deepEqual((await engine.availability()).waiting, []);
    });

    it("leave all other secrets what they are", async () => {
      const now = await secrets();
      assert.deepEqual([...now.keys()], [...former.keys()]);
      const changed = [...now].filter(([name, data]) => former.get(name) !== data).map(([name]) => name);
      assert.deepEqual(changed, [
        "algorun-acme-sharp/acme-sharpen-1-0-1-kafka",
        "algorun-acme-sharp/endpoint-kafka",
        "algorun/kafka-exporter-kafka",
      ]);
    });

    it("refuse the old user when it is retired, without touching a pod", async () => {
      const pods = await template();
      engine.configure({ "algorun:rotation": { kafkaUsers: 2, retired: { kafkaUsers: 1 } } });
      await engine.up();
      assert.match(await refusalOf(firstOf({ ...old, retries: 0 })), /SASL|authentication/i);
      assert.equal(await firstOf(await login()), "a picture");
      assert.equal(await template(), pods);
      await engine.up("--expect-no-changes");
    });

    it("of the database, Redis and Grafana are made anew in their Secrets and pods", async () => {
      const all = { sql: 2, redis: 2, grafana: 2, kafkaAdministrator: 2, objectStorageAdministrator: 2 };
      engine.configure({ "algorun:rotation": { kafkaUsers: 2, retired: { kafkaUsers: 1 }, ...all } });
      const [topic, claims] = [await topicId(), await volumeClaims()];
      await engine.up();
      assert.deepEqual((await engine.availability()).waiting, []);
      assert.equal(await topicId(), topic);
      assert.deepEqual(await volumeClaims(), claims);
      await engine.up("--expect-no-changes");
    });

    async function login(): Promise<KafkaLogin> {
      return componentLogin(engine, plan(), algo);
    }

    function plan(): PipelinePlan {
      const facts = { kafka: { brokerCount: 1, defaultReplicationFactor: 1 } };
      const [only] = planPipelines(loadDocuments([engine.documents]), facts).plans;
      assert.ok(only);
      return only;
    }

    async function firstOf(known: KafkaLogin): Promise<string> {
      const { identity } = plan().components.find(({ name }) => name === algo) ?? {};
      assert.ok(identity?.consumerGroup !== undefined);
      return consumeFirst(known, "sharp.v1", identity.consumerGroup);
    }

    async function topicId(): Promise<string | undefined> {
      const { topics } = await administer(administrator, (admin) => admin.metadata({ topics: ["sharp.v1"] }));
      return topics.get("sharp.v1")?.id;
    }

    async function volumeClaims(): Promise<readonly string[]> {
      const found = await engine.objects(claim, "persistentvolumeclaims", "-A");
      return found.map(({ metadata: { namespace: room, name, uid } }) => `${room}/${name} ${uid}`).sort();
    }

    async function template(): Promise<string> {
      const found = await engine.objects(deployment, "deployments", "-n", namespace);
      const only = found.find(({ metadata }) => metadata.name === algo);
      assert.ok(only);
      return JSON.stringify(only.spec.template);
    }

    /** What all Secrets of the cluster hold, by namespace and name. */
    async function secrets(): Promise<ReadonlyMap<string, string>> {
      const found = await engine.objects(secret, "secrets", "-A");
      const lines = found.map(({ metadata, data }) => {
        return [`${metadata.namespace}/${metadata.name}`, JSON.stringify(data ?? {})] as const;
      });
      return new Map(lines.sort(([left], [right]) => (left < right ? -1 : 1)));
    }
  });
}
