import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { shortOrLong } from "../harness/fault-records";
import { eventually } from "../software/process-group";
import { isPodReady } from "./pod-process";
import { RunnerLoad } from "./runner-load";

describe("runners under load", function () {
  this.timeout(240_000);
  let load: RunnerLoad;

  before(async function () {
    this.timeout(300_000);
    load = await RunnerLoad.start("127.0.52");
  });

  afterEach(async () => {
    await load.stopRunners();
  });

  after(async () => {
    await load.close();
  });

  it("are killed: nothing is lost, and nothing is seen twice", async function () {
    const kills = shortOrLong(6, 50);
    this.timeout(kills * 60_000);
    const traffic = load.send("killed");
    for (let kill = 0; kill < kills; kill += 1) {
      const pod = await load.startRunner("upper-killed");
      await load.works(pod);
      // Anywhere between two commits.
      await sleep((kill * 37) % 120);
      await pod.program.stop("SIGKILL");
    }
    await load.startRunner("upper-killed");
    await traffic.stop();
    await load.nothingLostNorDoubled("killed", "runner killed with SIGKILL", kills);
  });

  it("become three from one, and one again: nothing is lost, and nothing is seen twice", async () => {
    const traffic = load.send("shared");
    const first = await load.startRunner("upper-0");
    await eventually("it works", () => isPodReady(first), { program: first.program, seconds: 40 });
    const others = [];
    for (const instance of ["upper-1", "upper-2"]) {
      const pod = await load.startRunner(instance);
      others.push(pod);
      await eventually("it works", () => isPodReady(pod), { program: pod.program, seconds: 40 });
      await sleep(500);
    }
    for (const { program } of others) {
      await program.stop("SIGTERM");
      await sleep(300);
    }
    await traffic.stop();
    await load.nothingLostNorDoubled("shared", "runners: 1, 3, and 1 again", 1);
  });

  it("outlive the broker: nothing is lost, and nothing is seen twice", async () => {
    const traffic = load.send("restarted");
    const pod = await load.startRunner("upper-0");
    await load.works(pod);
    await load.broker.restart();
    await traffic.stop();
    await load.nothingLostNorDoubled("restarted", "broker killed under runners", 1);
    assert.ok(!pod.program.ended(), "it goes on by itself");
  });
});
