import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { recordFault, shortOrLong, type FaultRecord } from "../harness/fault-records";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { algoOf, isPodReady, startRunnerPod, type PodProcess } from "./pod-process";
import { shout, shoutPlan } from "./shout-pipeline";
import { TestAlgo } from "./test-algo";
import { TopicReader, writeMessages } from "./topic-reader";

describe("runners under load", function () {
  this.timeout(240_000);
  const group = new ProcessGroup();
  const algo = new TestAlgo(({ body }) => ({ body: body.toUpperCase() }));
  let broker: PipelineBroker;
  let plan: PipelinePlan;
  let inputs: TopicReader;
  let outputs: TopicReader;
  let pods: PodProcess[] = [];
  const sending = { isOver: false };

  before(async function () {
    this.timeout(300_000);
    const port = await algo.listen();
    plan = shoutPlan({ input: `inputDeliveryType: Http, contentTypes: [], http: { port: ${port} }` });
    broker = await PipelineBroker.start(group, "127.0.52");
    await broker.deploy(plan);
    inputs = await new TopicReader(broker.administrator, shout.input).start();
    outputs = await new TopicReader(broker.administrator, shout.output).start();
  });

  afterEach(async () => {
    sending.isOver = true;
    await Promise.all(pods.map(({ program }) => program.stop("SIGTERM")));
    pods = [];
  });

  after(async () => {
    await inputs.close();
    await outputs.close();
    await algo.close();
    await group.stopAll();
    broker.remove();
  });

  const start = async (instance: string): Promise<PodProcess> => {
    const pod = await startRunnerPod(group, algoOf(plan, shout.algo), { broker, instance });
    pods.push(pod);
    return pod;
  };

  /**
   * Sends messages until told to end. What is not acknowledged is sent again, so it may be twice in the topic: what
   * counts as sent is what is there.
   */
  const load = (name: string): { stop: () => Promise<void> } => {
    let count = 0;
    sending.isOver = false;
    const loop = (async () => {
      while (!sending.isOver) {
        const batch = Array.from({ length: 10 }, (_, index) => ({
          key: `key-${index}`,
          value: `${name}-${count + index}`,
        }));
        const isSent = await writeMessages(broker.administrator, shout.input, batch).then(
          () => true,
          () => false,
        );
        if (isSent) count += batch.length;
        await sleep(40);
      }
    })();
    return {
      stop: async () => {
        sending.isOver = true;
        await loop;
      },
    };
  };

  /** What came of messages, for somebody who reads what is committed. */
  const outcomeOf = async (name: string, fault: string, tries: number): Promise<FaultRecord> => {
    const end = { key: "end", value: `${name}-end` };
    await writeMessages(broker.administrator, shout.input, [end]);
    await eventually("all is read that was sent", () => inputs.counts.has(end.value), { seconds: 60 });
    const sent = [...inputs.counts].filter(([value]) => value.startsWith(`${name}-`));
    const timesOf = (value: string): number => outputs.counts.get(value.toUpperCase()) ?? 0;
    await eventually(
      "all messages have come out",
      () => sent.every(([value, times]) => timesOf(value) >= times),
      {
        seconds: 120,
      },
    ).catch(() => undefined);
    const total = (of: (entry: [string, number]) => number): number =>
      sent.reduce((sum, entry) => sum + of(entry), 0);
    const outcome = {
      fault,
      tries,
      sent: total(([, times]) => times),
      delivered: total(([value, times]) => Math.min(timesOf(value), times)),
      doubled: total(([value, times]) => Math.max(timesOf(value) - times, 0)),
      lost: total(([value, times]) => Math.max(times - timesOf(value), 0)),
    };
    await recordFault(outcome);
    return outcome;
  };

  const nothingLostNorDoubled = async (name: string, fault: string, tries: number): Promise<void> => {
    const { sent, doubled, lost } = await outcomeOf(name, fault, tries);
    assert.ok(sent > 100, "there was load");
    assert.deepEqual({ doubled, lost }, { doubled: 0, lost: 0 });
  };

  it("are killed: nothing is lost, and nothing is seen twice", async function () {
    const kills = shortOrLong(6, 50);
    this.timeout(kills * 60_000);
    const traffic = load("killed");
    for (let kill = 0; kill < kills; kill += 1) {
      const seen = outputs.messages.length;
      const pod = await start("upper-killed");
      await eventually("it works", () => outputs.messages.length > seen + 20, {
        program: pod.program,
        seconds: 40,
      });
      // Anywhere between two commits.
      await sleep((kill * 37) % 120);
      await pod.program.stop("SIGKILL");
    }
    await start("upper-killed");
    await traffic.stop();
    await nothingLostNorDoubled("killed", "runner killed with SIGKILL", kills);
  });

  it("become three from one, and one again: nothing is lost, and nothing is seen twice", async () => {
    const traffic = load("shared");
    const first = await start("upper-0");
    await eventually("it works", () => isPodReady(first), { program: first.program, seconds: 40 });
    for (const instance of ["upper-1", "upper-2"]) {
      const pod = await start(instance);
      await eventually("it works", () => isPodReady(pod), { program: pod.program, seconds: 40 });
      await sleep(500);
    }
    for (const { program } of pods.slice(1)) {
      await program.stop("SIGTERM");
      await sleep(300);
    }
    await traffic.stop();
    await nothingLostNorDoubled("shared", "runners: 1, 3, and 1 again", 1);
  });

  it("outlive the broker: nothing is lost, and nothing is seen twice", async () => {
    const traffic = load("restarted");
    const pod = await start("upper-0");
    const seen = outputs.messages.length;
    await eventually("it works", () => outputs.messages.length > seen + 20, {
      program: pod.program,
      seconds: 40,
    });
    await broker.restart();
    await traffic.stop();
    await nothingLostNorDoubled("restarted", "broker killed under runners", 1);
    assert.ok(!pod.program.ended(), "it goes on by itself");
  });
});
