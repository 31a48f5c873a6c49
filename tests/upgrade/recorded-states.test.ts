import assert from "node:assert/strict";
import { compareWithPlan } from "../chaos/plan-checker";
import { lost, type Keepsakes } from "../chaos/keepsakes";
import { recordFault } from "../harness/fault-records";
import type { KafkaLogin } from "../software/kafka-client";
import { plannedLosses } from "./planned-losses";
import { RecordedStack } from "./recorded-stack";
import { recordedStates } from "./recorded-state";
import { generatedValues, stackKeepsakes } from "./stack-keepsakes";

for (const recorded of recordedStates()) {
  const { name, program, versions } = recorded;
  const made = Object.entries(versions).map(([provider, version]) => `${provider} ${version}`);

  describe(`the stack ${name}, which program ${program} made with ${made.join(", ")}`, function () {
    this.timeout(900_000);
    let stack: RecordedStack;
    let administrator: KafkaLogin;

    before(async () => {
      stack = await RecordedStack.start(recorded);
      const { bootstrapServers, ...login } = stack.engine.environment.connections.kafka;
      administrator = { ...login, brokers: bootstrapServers };
    });

    after(async () => {
      await stack.engine.stop();
    });

    it("is previewed without replacing or deleting anything that holds data", async () => {
      const losses = plannedLosses(await stack.engine.plannedSteps());
      assert.equal(losses.length, 0, losses.join("\n"));
    });

    it("is updated, and keeps its topics, volumes, namespaces, users and generated secrets", async () => {
      const { engine } = stack;
      const generated = generatedValues(await stack.resources());
      const kept = (): Promise<Keepsakes> => stackKeepsakes(engine, administrator, generated);
      const before = await kept();
      await engine.up();
      assert.deepEqual(lost(before, await kept()), []);
      assert.deepEqual(lost(generated, generatedValues(await stack.resources())), []);
      assert.deepEqual((await compareWithPlan(engine, administrator)).missing, []);
      // Without a look at the cluster the engine may go by what a Service was a moment before: its provider reads too early.
      await engine.up("--refresh", "--expect-no-changes");
      await recordFault({
        fault: "program, engine and providers upgraded on a stack with data",
        tries: 1,
        sent: before.size + generated.size,
        delivered: before.size + generated.size,
        doubled: 0,
        lost: 0,
        note: `topics, volumes, namespaces, Secrets and generated values of ${name} (program ${program}, ${made.join(", ")})`,
      });
    });
  });
}
