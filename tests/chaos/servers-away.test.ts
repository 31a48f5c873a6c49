import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { recordFault, shortOrLong } from "../harness/fault-records";
import type { Keepsakes } from "./keepsakes";
import { momentOf, reached } from "./moments";
import { ProxiedServer, type ServerName } from "./proxied-server";
import { eventLog, startPulumi } from "./stack-commands";
import { StackUnderFault } from "./stack-under-fault";
import type { Trouble } from "./tcp-proxy";
import { assertNoStackTrace } from "./typed-command";

const seed = process.env.ALGORUN_SEED ?? "algorun";
const names: readonly ServerName[] = ["kube-apiserver", "kafka"];

/** The whole platform through a slow network, on a machine that does something else besides. */
const updateSeconds = 900;

/** Both servers slow, or both at the end of a network that breaks connections. */
const troubles: readonly { readonly is: string; readonly trouble: Trouble }[] = [
  { is: "answer slowly", trouble: { delay: 300 } },
  { is: "lose connections", trouble: { resets: 0.03 } },
];

describe("updates whose API server or broker is away, slow, or badly reached", function () {
  this.timeout(shortOrLong(1_500_000, 6 * 3_600_000));
  let stack: StackUnderFault;
  let servers: ReadonlyMap<ServerName, ProxiedServer>;

  before(async () => {
    stack = await StackUnderFault.start();
    stack.useSmallDocuments();
    servers = new Map(
      await Promise.all(
        names.map(
          async (name) => [name, await ProxiedServer.of(stack.engine, name, `${seed} ${name}`)] as const,
        ),
      ),
    );
  });

  after(async () => {
    for (const { network } of servers.values()) await network.close();
    await stack.engine.stop();
  });

  for (const name of names)
    it(`go on with the next when ${name} was stopped and started (seed ${seed})`, async () => {
      const outcome = new Outcome();
      const tries = shortOrLong(1, 5);
      for (let index = 0; index < tries; index += 1) {
        // The first update makes everything.
        const isWhole = name === "kube-apiserver" && index === 0;
        const changes = isWhole ? await stack.plannedResources() : await stack.toggle();
        const moment = momentOf(`${seed} ${name} ${index}`, changes * 0.8);
        const told = `${name} stopped and started: try ${index}, ${JSON.stringify(moment)}`;
        await outcome.try(told, async (update) => {
          await reached(update, eventLog(stack.engine), moment);
          await servers.get(name)?.stop();
          await servers.get(name)?.start();
        });
      }
      await outcome.record(`${name} stopped and started during updates`);
    });

  for (const { is, trouble } of troubles)
    it(`succeed, or go on with the next, when both ${is} (seed ${seed})`, async () => {
      const outcome = new Outcome();
      const tries = shortOrLong(1, 5);
      for (let index = 0; index < tries; index += 1) {
        await stack.toggle();
        await outcome.try(`both ${is}: try ${index}`, async (update) => {
          for (const { network } of servers.values()) network.use(trouble);
          await update.ended;
          for (const { network } of servers.values()) network.use({});
        });
      }
      const resets = [...servers.values()].reduce((sum, { network }) => sum + network.resets, 0);
      if (trouble.resets !== undefined) assert.ok(resets > 0);
      await outcome.record(`API server and broker ${is} during updates`, `${resets} connections were reset`);
    });

  /** What came of tries of one fault. */
  class Outcome {
    private tries = 0;
    private failed = 0;
    private kept = 0;
    private settled = 0;

    /** Updates the stack while something is done to it, and again. */
    async try(
      told: string,
      disturb: (update: ReturnType<typeof startPulumi>) => Promise<void>,
    ): Promise<void> {
      const { engine } = stack;
      const before: Keepsakes = await stack.keepsakes();
      rmSync(eventLog(engine), { force: true });
      const started = performance.now();
      const update = startPulumi(engine, "up");
      const [{ exitCode, output }] = await Promise.all([update.endWithin(updateSeconds), disturb(update)]);
      const seconds = Math.round((performance.now() - started) / 1000);
      assertNoStackTrace(output, `${told}\n${output}`);
      if (exitCode !== 0) assert.match(output, /error: /, told);
      const between = await stack.keepsakes();
      const lines = await stack.updateAgain();
      console.log(`      ${told}: exit code ${exitCode} after ${seconds} s; ${lines.length} settled`);
      this.tries += 1;
      this.failed += exitCode === 0 ? 0 : 1;
      this.settled += lines.length;
      this.kept += await stack.mustHaveSurvived(new Map([...before, ...between]), told);
    }

    async record(fault: string, more?: string): Promise<void> {
      const { tries, kept } = this;
      const notes = [
        "topics, volumes and keys of Secrets that were there",
        `${this.failed} updates failed`,
        `${this.settled} operations were pending`,
        ...(more === undefined ? [] : [more]),
      ];
      await recordFault({
        fault,
        tries,
        sent: kept,
        delivered: kept,
        doubled: 0,
        lost: 0,
        note: notes.join("; "),
      });
    }
  }
});
