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

  it("become four from one, and one again: nothing is lost, and nothing is seen twice", async function () {
    const rounds = shortOrLong(1, 10);
    this.timeout(rounds * 120_000);
    const traffic = load.send("shared");
    const first = await load.startRunner("upper-0");
    await load.works(first);
    for (let round = 0; round < rounds; round += 1) {
      const others = [];
      for (const instance of ["upper-1", "upper-2", "upper-3"]) {
        const pod = await load.startRunner(instance);
        others.push(pod);
        const isReady = (): Promise<boolean> => isPodReady(pod);
        await eventually(`a ready ${instance}`, isReady, { program: pod.program, seconds: 40 });
        await load.works(pod);
      }
      for (const { program } of others) {
        await program.stop("SIGTERM");
        await load.works(first);
      }
    }
    await traffic.stop();
    await load.nothingLostNorDoubled("shared", "runners: 1, 4, and 1 again", rounds);
  });

  it("outlive the broker: nothing is lost, and nothing is seen twice", async function () {
    const times = shortOrLong(1, 5);
    this.timeout(times * 120_000);
    const traffic = load.send("restarted");
    const pod = await load.startRunner("upper-0");
    for (let time = 0; time < times; time += 1) {
      await load.works(pod);
      await load.broker.restart();
    }
    await traffic.stop();
    await load.nothingLostNorDoubled("restarted", "broker killed under runners", times);
    assert.ok(!pod.program.ended(), "it goes on by itself");
  });
});
