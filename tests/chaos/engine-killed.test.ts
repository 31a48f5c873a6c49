import assert from "node:assert/strict";
import { selectStack } from "../../local/stack/stack";
import { takeOver } from "../../local/stack/open-stack";
import { topicType, userType } from "../../local/stack/identifiers";
import { recoverStack } from "../../local/stack/recovery";
import { readState, replaceState } from "../../local/stack/stack-state";
import { recordFault, shortOrLong } from "../harness/fault-records";
import { killEngine } from "./engine-kill";
import { lost } from "./keepsakes";
import { momentOf, type Moment } from "./moments";
import { commandedStack } from "./stack-commands";
import { StackUnderFault } from "./stack-under-fault";

const seed = process.env.ALGORUN_SEED ?? "algorun";
/** The short form ends after the third. */
const kills = [
  { kind: "up", records: "at its end" },
  { kind: "update", records: "each resource" },
  { kind: "destroy", records: "each resource" },
  { kind: "update", records: "at its end" },
  { kind: "up", records: "each resource" },
  { kind: "destroy", records: "at its end" },
] as const;
type Kind = (typeof kills)[number]["kind"];

describe("the engine killed at random moments, and its state lost", function () {
  this.timeout(shortOrLong(1_500_000, 6 * 3_600_000));
  let stack: StackUnderFault;

  before(async () => {
    stack = await StackUnderFault.start();
    stack.useSmallDocuments();
  });

  after(async () => {
    await stack.engine.stop();
  });

  it(`is survived by all that holds data, and the next update brings everything back (seed ${seed})`, async () => {
    const { engine } = stack;
    const tries = shortOrLong(3, 50);
    for (let index = 0; index < tries; index += 1) {
      const { kind, records } = kills[index % kills.length] ?? kills[0];
      const moment = await prepare(kind, `${seed} ${index}`);
      const told = `${kind} killed that records ${records}: try ${index}, ${JSON.stringify(moment)}`;
      const started = performance.now();
      const wasKilled = await killEngine(engine, kind === "destroy" ? "destroy" : "up", moment, records);
      const commanded = await takeOver(commandedStack(engine));
      assert.equal(commanded.isOlder, wasKilled && records === "at its end", told);
      const before = await stack.keepsakes();
      const killed = performance.now();
      const lines = await recoverStack(commanded);
      const recovered = performance.now();
      await engine.up();
      const ended = performance.now();
      const times = [killed - started, recovered - killed, ended - recovered].map((ms) =>
        Math.round(ms / 1000),
      );
      console.log(
        `      ${told}: ${wasKilled ? "" : "had ended, "}${lines.length} settled; seconds ${times.join(", ")}`,
      );
      const kept = await stack.mustHaveSurvived(before, told);
      // By itself, since an hour's work should not be lost with the last minute's.
      await recordFault({
        fault: "engine killed with SIGKILL during up, update and destroy",
        tries: 1,
        sent: kept,
        delivered: kept,
        doubled: 0,
        lost: 0,
        note: "topics, volumes and keys of Secrets that were there at the kill; half of the updates had recorded nothing yet",
      });
    }
  });

  it("leaves nothing of a pipeline whose document is taken back before it is recorded", async () => {
    const { engine } = stack;
    // The kills before may have left the second pipeline there.
    stack.useSmallDocuments();
    await engine.up();
    await stack.toggle();
    const before = await stack.keepsakes();
    assert.ok(await killEngine(engine, "up", { begun: 0, made: topicType, after: 0 }, "at its end"));
    const made = lost(await stack.keepsakes(), before);
    assert.ok(made.length > 0, "the update was killed before it made anything that holds data");
    await stack.toggle();
    const lines = await recoverStack(await takeOver(commandedStack(engine)));
    await engine.up();
    const kept = await stack.mustHaveSurvived(before, "document taken back");
    await recordFault({
      fault: "engine killed with SIGKILL, and the new document taken back",
      tries: 1,
      sent: kept,
      delivered: kept,
      doubled: 0,
      lost: 0,
      note: `${made.length} topics, volumes and keys of Secrets that nothing had recorded were removed; ${lines.length} things were recorded again`,
    });
  });

  it("is made up for by what the cluster and the broker have, with nothing made anew that holds data", async () => {
    const { engine } = stack;
    const commanded = commandedStack(engine);
    const before = await stack.keepsakes();
    await engine.mustSucceed(
      engine.pulumiCommand("stack", "rm", engine.stack, "--force", "--preserve-config", "--yes"),
    );
    await selectStack(commanded);
    const lines = await recoverStack(commanded);
    await engine.up();
    await stack.mustHaveSurvived(before, "state lost");
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

  it("is recovered so that anybody can refresh the stack, of whose users Kafka tells no password", async () => {
    const { engine } = stack;
    await engine.up();
    const commanded = commandedStack(engine);
    const state = await readState(commanded);
    const users = state.deployment.resources?.filter(({ type }) => type === userType) ?? [];
    assert.ok(users.length > 1);
    // What a recovery puts down as made: all that was asked for, and nothing that was answered.
    const resources = state.deployment.resources?.map((resource) =>
      users.includes(resource) ? { ...resource, outputs: {} } : resource,
    );
    await replaceState(commanded, { ...state, deployment: { ...state.deployment, resources } });
    const before = await stack.keepsakes();
    await recoverStack(commanded);
    await engine.mustSucceed(engine.pulumi("refresh", "--yes", "--skip-preview"));
    assert.match(await engine.up(), new RegExp(`~ ${users.length} updated`));
    await stack.mustHaveSurvived(before, "users put down as made");
    await engine.up("--expect-no-changes");
  });

  /** Brings the stack to where an operation of this kind has something to do; says when it is to be killed. */
  async function prepare(kind: Kind, name: string): Promise<Moment> {
    if (kind === "up") await stack.destroy();
    return momentOf(name, kind === "update" ? await stack.toggle() : await stack.plannedResources());
  }
});
