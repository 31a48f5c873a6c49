import { selectStack } from "../../local/stack/stack";
import { endKilledPulumi } from "../../local/stack/open-stack";
import { recoverStack } from "../../local/stack/recovery";
import { recordFault, shortOrLong } from "../harness/fault-records";
import { killEngine } from "./engine-kill";
import { momentOf, type Moment } from "./moments";
import { commandedStack } from "./stack-commands";
import { StackUnderFault } from "./stack-under-fault";

const seed = process.env.ALGORUN_SEED ?? "algorun";
const kinds = ["up", "update", "destroy"] as const;

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
    let kept = 0;
    let settled = 0;
    for (let index = 0; index < tries; index += 1) {
      const kind = kinds[index % kinds.length] ?? "up";
      const moment = await prepare(kind, `${seed} ${index}`);
      const told = `${kind} killed: try ${index}, ${JSON.stringify(moment)}`;
      const started = performance.now();
      const wasKilled = await killEngine(engine, kind === "destroy" ? "destroy" : "up", moment);
      await endKilledPulumi(commandedStack(engine));
      const before = await stack.keepsakes();
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
      kept += await stack.mustHaveSurvived(before, told);
      settled += lines.length;
    }
    await recordFault({
      fault: "engine killed with SIGKILL during up, update and destroy",
      tries,
      sent: kept,
      delivered: kept,
      doubled: 0,
      lost: 0,
      note: `topics, volumes and keys of Secrets that were there at the kill; ${settled} pending operations were settled`,
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

  /** Brings the stack to where an operation of this kind has something to do; says when it is to be killed. */
  async function prepare(kind: (typeof kinds)[number], name: string): Promise<Moment> {
    if (kind === "up") await stack.destroy();
    return momentOf(name, kind === "update" ? await stack.toggle() : await stack.plannedResources());
  }
});
