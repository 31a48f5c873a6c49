import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadDocuments } from "../../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import { planPipelines } from "../../../pipelines/model/plan-pipelines";
import type { KafkaLogin } from "../../software/kafka-client";
import { brokerState, expectedState } from "../broker-state";
import type { EngineEnvironment } from "../engine-environment";
import { rightsInUse, rightsOfPipes } from "../kafka-rights";

const job = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({ succeeded: z.number().default(0) }),
});

/** Data connectors on a real cluster and a real broker. */
export function dataConnectors(started: () => EngineEnvironment): void {
  describe("data connectors on a real cluster and a real broker", () => {
    let engine: EngineEnvironment;
    let administrator: KafkaLogin;

    before(() => {
      engine = started();
      engine.clearDocuments();
      cpSync("tests/documents/parcel-changes.yaml", join(engine.documents, "parcel-changes.yaml"));
      const { bootstrapServers, caCertificate, username, password } = engine.environment.connections.kafka;
      administrator = { brokers: bootstrapServers, caCertificate, username, password };
    });

    it("come up with their own topics, users and rights, and are registered", async () => {
      await engine.up("--policy-pack", "policies");
      assert.deepEqual(await brokerState(engine, administrator), expectedState([plan()]));
      const jobs = await engine.objects(job, "jobs", "-n", plan().namespace);
      assert.deepEqual(
        jobs.map(({ metadata, status }) => `${metadata.name} ${status.succeeded}`),
        ["parcels-1-register 1", "search-1-register 1"],
      );
    });

    it("can do with their own credentials exactly what their pipes and Kafka Connect need", async () => {
      assert.deepEqual(await rightsInUse(engine, administrator, [plan()]), rightsOfPipes([plan()]));
    });

    it("are registered anew when an option changes, and nothing else is touched", async () => {
      engine.edit("parcel-changes.yaml", "topic.prefix: parcels", "topic.prefix: boxes");
      const steps = await engine.plannedSteps();
      const changed = steps.map(({ urn }) => urn.split("::").at(-1));
      assert.deepEqual([...new Set(changed)].sort(), [
        "depot-parcel-changes-parcels-1-register",
        "depot-parcel-changes-parcels-1-register-registration",
      ]);
    });

    it("leave with all that was theirs alone", async () => {
      rmSync(join(engine.documents, "parcel-changes.yaml"));
      await engine.up();
      assert.deepEqual(await brokerState(engine, administrator), expectedState([]));
    });

    function plan(): PipelinePlan {
      const facts = { kafka: { brokerCount: 1, defaultReplicationFactor: 1 } };
      const [only] = planPipelines(loadDocuments([engine.documents]), facts).plans;
      assert.ok(only);
      return only;
    }
  });
}
