import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { readState } from "../../local/stack/stack-state";
import { eventsOf } from "../../local/stack/unfinished-update";
import { until } from "../../local/process/until";
import { recordFault, shortOrLong } from "../harness/fault-records";
import { StateDisk } from "./state-disk";
import { momentOf, reached, share, type Moment } from "./moments";
import { killProgram } from "./program-kill";
import { commandedStack, eventLog, startMake, startPulumi } from "./stack-commands";
import { StackUnderFault } from "./stack-under-fault";
import { assertNoStackTrace, type Ending, type TypedCommand } from "./typed-command";

const seed = process.env.ALGORUN_SEED ?? "algorun";

/** An update that is interrupted finishes what it has begun; it waits for nothing that takes longer. */
const endSeconds = 120;
/** The whole platform, on a machine that does something else besides. */
const updateSeconds = 600;

describe("updates that are interrupted", function () {
  this.timeout(shortOrLong(1_500_000, 6 * 3_600_000));
  let stack: StackUnderFault;

  before(async () => {
    stack = await StackUnderFault.start();
  });

  after(async () => {
    await stack.engine.stop();
  });

  it(`by Ctrl-C, once or twice, go on with the next \`make up\`, of which two at once are one (seed ${seed})`, async () => {
    const tries = shortOrLong(2, 6);
    let pending = 0;
    let kept = 0;
    for (let index = 0; index < tries; index += 1) {
      const isFirst = index % 2 === 0;
      if (isFirst && index > 0) await stack.destroy();
      const before = await stack.keepsakes();
      const moment = momentOf(`${seed} Ctrl-C ${index}`, (await stack.plannedResources()) / 2);
      const told = `Ctrl-C ${isFirst ? "once" : "twice"}: try ${index}, ${JSON.stringify(moment)}`;
      const { exitCode, output } = await interruptedUp(moment, isFirst ? 1 : 2);
      pending += await pendingOperations();
      console.log(`      ${told}: exit code ${exitCode}; ${await pendingOperations()} pending operations`);
      assertNoStackTrace(output, told);
      assert.notEqual(exitCode, 0, told);
      if (isFirst) {
        assert.match(output, /`make up` goes on from here/, told);
        assert.equal(await pendingOperations(), 0, told);
        continue;
      }
      const between = await stack.keepsakes();
      await twoMakeUps(told);
      stack.useOwnDocuments();
      kept += await stack.mustHaveSurvived(new Map([...before, ...between]), told);
    }
    await record("`make up` interrupted by Ctrl-C, once and then twice", tries, kept, pending);
  });

  it("leave the stack to one of two that work on it at once, and tell the other what to do", async () => {
    const { engine } = stack;
    const tries = shortOrLong(1, 3);
    let kept = 0;
    // `make up` takes all documents of the checkout; from here on, fewer will do.
    stack.useSmallDocuments();
    await engine.up();
    for (let index = 0; index < tries; index += 1) {
      await stack.toggle();
      const before = await stack.keepsakes();
      const first = startPulumi(engine, "up");
      assert.ok(await until(() => isLocked() || first.isOver, endSeconds * 1000));
      const [second, recovery] = [startPulumi(engine, "up"), startMake(engine, "recover")];
      assertRefused(
        await second.endWithin(endSeconds),
        /the stack is currently locked by 1 lock.*Either wait for the other process.*`pulumi cancel`/s,
      );
      assertRefused(
        await recovery.endWithin(endSeconds),
        /^Another pulumi \(process \d+\) is changing stack dev\. Wait until it has finished, then try again\.$/m,
      );
      const { exitCode, output } = await first.endWithin(updateSeconds);
      assert.equal(exitCode, 0, output);
      kept += await stack.mustHaveSurvived(before, `two at once: try ${index}`);
    }
    await record("two updates at once", tries, kept);
  });

  it("by the end of their program or of its language host, go on with the next", async () => {
    const { engine } = stack;
    const tries = shortOrLong(1, 5);
    let kept = 0;
    let killed = 0;
    for (let index = 0; index < tries; index += 1) {
      const name = `${seed} program ${index}`;
      const moment = momentOf(name, (await stack.toggle()) / 2);
      const victim = index % 2 === 0 ? "program" : "language host";
      const told = `${victim} killed: try ${index}, ${JSON.stringify(moment)}`;
      const before = await stack.keepsakes();
      const update = startUp();
      await reached(update, eventLog(engine), moment);
      const wasKilled = killProgram(update, victim);
      const { exitCode, output } = await update.endWithin(endSeconds);
      assertNoStackTrace(output, told);
      if (wasKilled && victim === "program")
        assert.match(output, /The program ended by signal SIGKILL\./, told);
      console.log(`      ${told}: ${wasKilled ? "killed" : "had ended"}, exit code ${exitCode}`);
      killed += wasKilled ? 1 : 0;
      assert.deepEqual(await stack.updateAgain(), [], told);
      kept += await stack.mustHaveSurvived(before, told);
    }
    await record(`program and language host killed with SIGKILL during updates`, killed, kept);
  });

  it("by a disk that is full, go on with the next when there is space again", async () => {
    const { engine } = stack;
    const tries = shortOrLong(1, 5);
    let kept = 0;
    let settled = 0;
    let kind = "";
    for (let index = 0; index < tries; index += 1) {
      const moment = momentOf(`${seed} disk ${index}`, (await stack.toggle()) * 0.9);
      const told = `disk full: try ${index}, ${JSON.stringify(moment)}`;
      const before = await stack.keepsakes();
      const disk = await StateDisk.of(engine);
      try {
        const update = startUp(disk.wrapper);
        const wasAtWork = await reached(update, eventLog(engine), moment);
        if (wasAtWork) await disk.fill(update);
        const { exitCode, output } = await update.endWithin(endSeconds);
        assertNoStackTrace(output, told);
        assert.match(output, /no space left on device|file too large/, told);
        assert.notEqual(exitCode, 0);
      } finally {
        await disk.free();
      }
      // What the file backend leaves at some moments.
      if (index % 2 === 0) cutOffState();
      const lines = await stack.updateAgain();
      console.log(`      ${told}: ${lines.length} things were done to the state`);
      settled += lines.length;
      kept += await stack.mustHaveSurvived(before, told);
      ({ kind } = disk);
    }
    await record(`the disk of the state full during updates: ${kind}`, tries, kept, settled);
  });

  /** Types `make up`, and Ctrl-C at a moment of it. */
  async function interruptedUp(moment: Moment, times: 1 | 2): Promise<Ending> {
    const { engine } = stack;
    const update = startMake(engine, "up");
    await reached(update, eventsOf(commandedStack(engine)), moment);
    update.interrupt();
    if (times === 2) {
      // Pulumi says so when it has heard the first.
      await until(() => /press \^C again/.test(update.output) || update.isOver, endSeconds * 1000);
      update.interrupt();
    }
    return update.endWithin(endSeconds);
  }

  /** Types `make up` in two terminals: one is told to wait, the other brings everything up. */
  async function twoMakeUps(told: string): Promise<void> {
    const both = [startMake(stack.engine, "up"), startMake(stack.engine, "up")];
    const endings = await Promise.all(both.map((each) => each.endWithin(updateSeconds)));
    const [won, ...refused] = endings.toSorted((one, other) => (one.exitCode ?? 1) - (other.exitCode ?? 1));
    assert.match(won?.output ?? "", /^AlgoRun is up\./m, told);
    assert.equal(refused.length, 1);
    for (const each of refused)
      assertRefused(
        each,
        /^`make up` \(process \d+\) is at work on this environment\. Wait until it has finished, then try again\.$/m,
      );
  }

  function startUp(wrapper: readonly string[] = []): TypedCommand {
    rmSync(eventLog(stack.engine), { force: true });
    return startPulumi(stack.engine, "up", { wrapper });
  }

  async function pendingOperations(): Promise<number> {
    return ((await readState(commandedStack(stack.engine))).deployment.pending_operations ?? []).length;
  }

  function cutOffState(): void {
    const { layout } = stack.engine.environment;
    const file = join(layout.pulumiState, ".pulumi", "stacks", "algorun", "dev.json");
    truncateSync(file, Math.floor(statSync(file).size * share(`${seed} cut off`)));
  }

  function isLocked(): boolean {
    const locks = join(stack.engine.environment.layout.pulumiState, ".pulumi", "locks");
    if (!existsSync(locks)) return false;
    return readdirSync(locks, { recursive: true, encoding: "utf8" }).some((file) => file.endsWith(".json"));
  }

  async function record(fault: string, tries: number, kept: number, settled = 0): Promise<void> {
    const note = `topics, volumes and keys of Secrets that were there; ${settled} operations were pending`;
    await recordFault({ fault, tries, sent: kept, delivered: kept, doubled: 0, lost: 0, note });
  }

  function assertRefused({ exitCode, output }: Ending, sentence: RegExp): void {
    assert.notEqual(exitCode, 0, output);
    assert.match(output, sentence);
    assertNoStackTrace(output, output);
  }
});
