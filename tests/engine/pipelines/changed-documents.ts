import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadDocuments } from "../../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import { planPipelines } from "../../../pipelines/model/plan-pipelines";
import { administer, consumeFirst, produce, type KafkaLogin } from "../../software/kafka-client";
import { brokerState, expectedState } from "../broker-state";
import type { EngineEnvironment } from "../engine-environment";
import { componentLogin, rightsInUse, rightsOfPipes } from "../kafka-rights";

const file = "photos.yaml";
const algo = "acme-resize-1-0-1";
const namespace = "algorun-acme-photos";
const deadLetters = "algorun.acme.photos.resize.1.dead-letters";

const documents = `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: resize }
spec:
  owner: acme
  name: resize
  executor: http
  versions: [{ versionTag: "1.0", image: { repository: ghcr.io/acme/resize, tag: "1.0" } }]
  inputs: [{ name: Picture, inputDeliveryType: Http, contentTypes: [image/png] }]
---
apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: photos
  pipelineOwner: acme
  pipelineName: photos
  pipelineVersionTag: "1.0"
  endpoint:
    paths:
      - name: pictures
        contentType: image/png
        topic: { outputName: pictures, topicName: photos.v1, partitions: 4 }
  algos:
    - algoRef: { name: resize }
      version: "1.0"
      replicas: 2
      autoscaling: { enabled: true, maxReplicas: 4 }
  pipes:
    - { sourceName: Endpoint, sourceOutputName: pictures, destName: "acme/resize:1.0[1]", destInputName: Picture }
`;

const deployment = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ replicas: z.number(), template: z.unknown() }),
});

/** Documents that change, on a real cluster and a real broker. */
export function changedDocuments(started: () => EngineEnvironment): void {
  describe("documents that change, on a real cluster and a real broker", () => {
    let engine: EngineEnvironment;
    let administrator: KafkaLogin;

    before(async () => {
      engine = started();
      engine.clearDocuments();
      writeFileSync(join(engine.documents, file), documents);
      const { bootstrapServers, caCertificate, username, password } = engine.environment.connections.kafka;
      administrator = { brokers: bootstrapServers, caCertificate, username, password };
      await engine.up();
    });

    it("leave the number of pods to an autoscaler while there is one", async () => {
      await scaleTo(3);
      engine.edit(file, 'tag: "1.0"', 'tag: "1.0.1"');
      await engine.up();
      const { spec } = await workload();
      assert.equal(spec.replicas, 3);
      assert.match(JSON.stringify(spec.template), /"ghcr\.io\/acme\/resize:1\.0\.1"/);
    });

    it("take the number back in one update when autoscaling is switched off", async () => {
      engine.edit(file, "enabled: true", "enabled: false");
      await engine.up();
      assert.equal((await workload()).spec.replicas, 2);
      await engine.up("--expect-no-changes");
    });

    it("make a topic beside the one that it replaces, which is read on and written no more", async () => {
      await produce(await componentLogin(engine, plan(), "endpoint"), "photos.v1", "an old picture");
      const old = await topicId("photos.v1");
      engine.edit(
        file,
        "topicName: photos.v1, partitions: 4",
        "topicName: photos.v2, partitions: 2, replaces: [{ topicName: photos.v1, partitions: 4 }]",
      );
      await engine.up();
      assert.equal(await topicId("photos.v1"), old, "made anew, and empty");
      const state = await brokerState(engine, administrator);
      assert.deepEqual(state, expectedState([plan()]));
      assert.deepEqual(state.topics, [`${deadLetters} 1`, "photos.v1 4", "photos.v2 2"]);
      const rights = await rightsInUse(engine, administrator, [plan()]);
      assert.deepEqual(rights, rightsOfPipes([plan()]));
      assert.ok(!rights.includes("acme.photos endpoint: Write photos.v1"));
      await produce(await componentLogin(engine, plan(), "endpoint"), "photos.v2", "a new picture");
      assert.equal(await firstOf("photos.v1"), "an old picture");
      assert.match(await firstOf("photos.v2"), /^(a new picture|tried)$/);
    });

    it("let the old one go when they name it no longer", async () => {
      engine.edit(file, ", replaces: [{ topicName: photos.v1, partitions: 4 }]", "");
      await engine.up();
      assert.deepEqual(await brokerState(engine, administrator), expectedState([plan()]));
      assert.deepEqual(
        plan().topics.map(({ name }) => name),
        [deadLetters, "photos.v2"],
      );
    });

    async function scaleTo(replicas: number): Promise<void> {
      await engine.tool("kubectl", "scale", "deployment", algo, "-n", namespace, `--replicas=${replicas}`);
    }

    async function workload(): Promise<z.infer<typeof deployment>> {
      const found = await engine.objects(deployment, "deployments", "-n", namespace);
      const only = found.find(({ metadata }) => metadata.name === algo);
      assert.ok(only);
      return only;
    }

    function plan(): PipelinePlan {
      const [only] = planPipelines(loadDocuments([engine.documents]), {
        kafka: { brokerCount: 1, defaultReplicationFactor: 1 },
      }).plans;
      assert.ok(only);
      return only;
    }

    /** What the broker knows a topic by: another one of the same name has another. */
    async function topicId(name: string): Promise<string | undefined> {
      return (await administer(administrator, (admin) => admin.metadata({ topics: [name] }))).topics.get(name)
        ?.id;
    }

    /** What the algo reads first of a topic, with its own credential and in its own group. */
    async function firstOf(topic: string): Promise<string> {
      const { identity } = plan().components.find(({ name }) => name === algo) ?? {};
      assert.ok(identity?.consumerGroup !== undefined);
      return consumeFirst(await componentLogin(engine, plan(), algo), topic, identity.consumerGroup);
    }
  });
}
