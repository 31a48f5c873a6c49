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

const file = "jobs.yaml";
const algo = "acme-resize-1-0-1";

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
  deploymentName: jobs
  pipelineOwner: acme
  pipelineName: jobs
  pipelineVersionTag: "1.0"
  endpoint:
    paths:
      - name: pictures
        contentType: image/png
        topic:
          outputName: pictures
          partitions: 2
          topicParams: [{ name: retention.ms, value: "3600000" }]
  algos:
    - algoRef: { name: resize }
      version: "1.0"
      retryEnabled: true
      retryStrategy:
        strategy: RetryTopics
        steps:
          - { index: 1, backoffDuration: 30s, repeat: 2 }
          - { index: 2, backoffDuration: 2h }
  pipes:
    - { sourceName: Endpoint, sourceOutputName: pictures, destName: "acme/resize:1.0[1]", destInputName: Picture }
`;

const pictures = "algorun.acme.jobs.endpoint.0.pictures";
const named = z.object({ metadata: z.object({ name: z.string() }) });

/** Back-off topics and dead letters on a real broker. */
export function retryTopics(started: () => EngineEnvironment): void {
  describe("retry topics on a real broker", () => {
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

    it("are there for each back-off and for dead letters, as wide as the topic that they serve", async () => {
      const state = await brokerState(engine, administrator);
      assert.deepEqual(state, expectedState([plan()]));
      assert.deepEqual(
        state.topics,
        ["", ".2h", ".30s", ".dlq"].map((suffix) => `${pictures}${suffix} 2`),
      );
    });

    it("keep messages for longer than all back-offs, whatever the topic's own retention", async () => {
      const backoffs = 2 * 30_000 + 2 * 3_600_000;
      const week = 7 * 86_400_000;
      for (const [suffix, retention] of [
        ["", 3_600_000],
        [".30s", backoffs + week],
        [".2h", backoffs + week],
        [".dlq", 30 * 86_400_000],
      ] as const) {
        assert.match(
          await configurationOf(`${pictures}${suffix}`),
          new RegExp(`retention\\.ms=${retention}\\b`),
        );
      }
      assert.match(await configurationOf(`${pictures}.30s`), /message\.timestamp\.type=LogAppendTime\b/);
    });

    it("grow with the topic that they serve, in place, and no message is lost", async () => {
      const before = await topicIds();
      await produce(await componentLogin(engine, plan(), "endpoint"), pictures, "a picture");
      engine.edit(file, "partitions: 2", "partitions: 4");
      await engine.up();
      const state = await brokerState(engine, administrator);
      assert.deepEqual(
        state.topics,
        ["", ".2h", ".30s", ".dlq"].map((suffix) => `${pictures}${suffix} 4`),
      );
      assert.deepEqual(await topicIds(), before);
      assert.equal(await firstMessage(), "a picture");
    });

    it("stay, with their messages, when the deployment is renamed", async () => {
      const before = await topicIds();
      engine.edit(
        file,
        "deploymentName: jobs",
        "deploymentName: thumbnails\n  previousNames: [{ deploymentName: jobs }]",
      );
      const topicSteps = (await engine.plannedSteps()).filter(({ urn }) =>
        urn.includes("kafka:index/topic:Topic"),
      );
      assert.deepEqual(topicSteps, []);
      await engine.up();
      assert.equal(plan().id, "acme.thumbnails");
      assert.deepEqual(await topicIds(), before);
      assert.deepEqual(await brokerState(engine, administrator), expectedState([plan()]));
      assert.equal(await firstMessage(), "a picture");
      const namespaces = (await engine.objects(named, "namespaces")).map(({ metadata }) => metadata.name);
      assert.deepEqual(
        namespaces.filter((name) => name.startsWith("algorun-")),
        ["algorun-acme-thumbnails"],
      );
      await engine.up("--expect-no-changes");
    });

    it("may be used by the algo that retries, and by nobody else", async () => {
      const rights = await rightsInUse(engine, administrator, [plan()]);
      assert.deepEqual(rights, rightsOfPipes([plan()]));
      for (const right of [`Write ${pictures}.30s`, `Read ${pictures}.30s`, `Write ${pictures}.dlq`])
        assert.ok(rights.includes(`acme.thumbnails ${algo}: ${right}`), right);
      assert.ok(!rights.includes(`acme.thumbnails ${algo}: Read ${pictures}.dlq`));
    });

    function plan(): PipelinePlan {
      const [only] = planPipelines(loadDocuments([engine.documents]), {
        kafka: { brokerCount: 1, defaultReplicationFactor: 1 },
      }).plans;
      assert.ok(only);
      return only;
    }

    /** What the broker knows a topic by: another one of the same name has another. */
    async function topicIds(): Promise<Readonly<Record<string, string>>> {
      const names = plan().topics.map(({ name }) => name);
      const { topics } = await administer(administrator, (admin) => admin.metadata({ topics: names }));
      return Object.fromEntries(names.map((name) => [name, topics.get(name)?.id ?? "none"]));
    }

    /** Settings of a topic, as the broker's own tool shows them. */
    async function configurationOf(topic: string): Promise<string> {
      return engine.tool("kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", topic);
    }

    /** What the algo reads first, with its own credential and in its own group. */
    async function firstMessage(): Promise<string> {
      const { identity } = plan().components.find(({ name }) => name === algo) ?? {};
      assert.ok(identity?.consumerGroup !== undefined);
      return consumeFirst(await componentLogin(engine, plan(), algo), pictures, identity.consumerGroup);
    }
  });
}
