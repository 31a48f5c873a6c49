import assert from "node:assert/strict";
import { cpSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endKilledPulumi } from "../../local/stack/open-stack";
import { recoverStack } from "../../local/stack/recovery";
import { selectStack } from "../../local/stack/stack";
import { recordStack } from "../../render/rendered-stack";
import { EngineEnvironment } from "../engine/engine-environment";
import { recordFault, shortOrLong } from "../harness/fault-records";
import { deploymentsText } from "../model/rollouts-under-test";
import type { KafkaLogin } from "../software/kafka-client";
import { killEngine, share } from "./engine-kill";
import { keepsakesOf, lost } from "./keepsakes";
import { compareWithPlan } from "./plan-checker";
import { commandedStack } from "./stack-commands";

const seed = process.env.ALGORUN_SEED ?? "algorun";
const kinds = ["up", "update", "destroy"] as const;
const asPlanned = { missing: [], extra: [], doubled: [] };

describe("the engine killed at random moments, and its state lost", function () {
  this.timeout(shortOrLong(1_500_000, 6 * 3_600_000));
  let engine: EngineEnvironment;
  let administrator: KafkaLogin;

  before(async () => {
    engine = await EngineEnvironment.start();
    const { bootstrapServers, caCertificate, username, password } = engine.environment.connections.kafka;
    administrator = { brokers: bootstrapServers, caCertificate, username, password };
    engine.clearDocuments();
    cpSync("pipelines/documents/sensors", join(engine.documents, "sensors"), { recursive: true });
  });

  after(async () => {
    await engine.stop();
  });

  it(`is survived by all that holds data, and the next update brings everything back (seed ${seed})`, async () => {
    const tries = shortOrLong(3, 50);
    let kept = 0;
    let gone = 0;
    let settled = 0;
    for (let index = 0; index < tries; index += 1) {
      const kind = kinds[index % kinds.length] ?? "up";
      const moment = await prepare(kind, `${seed} ${index}`);
      const told = `${kind} killed: try ${index}, ${JSON.stringify(moment)}`;
      const started = performance.now();
      const wasKilled = await killEngine(engine, kind === "destroy" ? "destroy" : "up", moment);
      await endKilledPulumi(commandedStack(engine));
      const before = await keepsakesOf(engine, administrator);
      const killed = performance.now();
      const lines = await recoverStack(commandedStack(engine));
      const recovered = performance.now();
      await engine.up();
      const ended = performance.now();
      const times = [killed - started, recovered - killed, ended - recovered].map((ms) =>
        Math.round(ms / 1000),
      );
      console.log(
        `      ${told}: ${wasKilled ? "" : "had ended, "}${lines.length} settled; seconds ${times.join(", ")}`,
      );
      const missing = lost(before, await keepsakesOf(engine, administrator)).filter(isPlanned);
      assert.deepEqual(missing, [], told);
      assert.deepEqual(await compareWithPlan(engine, administrator), asPlanned, told);
      kept += before.size - missing.length;
      gone += missing.length;
      settled += lines.length;
    }
    await recordFault({
      fault: "engine killed with SIGKILL during up, update and destroy",
      tries,
      sent: kept + gone,
      delivered: kept,
      doubled: 0,
      lost: gone,
      note: `topics, volumes and keys of Secrets that were there at the kill; ${settled} pending operations were settled`,
    });
  });

  it("is made up for by what the cluster and the broker have, with nothing made anew that holds data", async () => {
    const stack = commandedStack(engine);
    const before = await keepsakesOf(engine, administrator);
    await engine.mustSucceed(
      engine.pulumiCommand("stack", "rm", engine.stack, "--force", "--preserve-config", "--yes"),
    );
    await selectStack(stack);
    const lines = await recoverStack(stack);
    await engine.up();
    assert.deepEqual(lost(before, await keepsakesOf(engine, administrator)), []);
    assert.deepEqual(await compareWithPlan(engine, administrator), asPlanned);
    await engine.up("--expect-no-changes");
    await recordFault({
      fault: "the stack's state lost",
      tries: 1,
      sent: before.size,
      delivered: before.size,
      doubled: 0,
      lost: 0,
      note: `topics, volumes and keys of Secrets; ${lines.length} things were recorded again`,
    });
  });

  /** Brings the stack to where an operation of this kind has something to do; says when it is to be killed. */
  async function prepare(
    kind: (typeof kinds)[number],
    name: string,
  ): Promise<{ begun: number; after: number }> {
    if (kind === "up")
      await engine.mustSucceed(
        engine.pulumi("destroy", "--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"),
      );
    const before = await resourceCount();
    if (kind === "update") toggle();
    const changes = kind === "update" ? Math.abs((await resourceCount()) - before) : before;
    return {
      begun: 1 + Math.floor(share(`${name} begun`) * changes * 0.98),
      after: Math.round(share(`${name} after`) * 300),
    };
  }

  /** A second pipeline comes, or goes. */
  function toggle(): void {
    if (existsSync(second())) rmSync(second());
    else writeFileSync(second(), deploymentsText([{ name: "texts" }]));
  }

  /** Whether something is of a pipeline that has a document. */
  function isPlanned(name: string): boolean {
    return existsSync(second()) || !name.includes("texts");
  }

  function second(): string {
    return join(engine.documents, "texts.yaml");
  }

  async function resourceCount(): Promise<number> {
    const resources = await recordStack(engine.stack, { folder: engine.environment.layout.directory });
    return resources.filter(({ custom }) => custom).length;
  }
});
