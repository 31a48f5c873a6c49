import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { recordFault, type FaultRecord } from "../harness/fault-records";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { algoOf, startRunnerPod, type PodProcess } from "./pod-process";
import { shout, shoutPlan } from "./shout-pipeline";
import { TestAlgo } from "./test-algo";
import { TopicReader, writeMessages } from "./topic-reader";

/** Runners of an algo whose input gets messages all the time, and who counts what comes out. */
export class RunnerLoad {
  private pods: PodProcess[] = [];
  private readonly sending = { isOver: false };

  private constructor(
    private readonly group: ProcessGroup,
    private readonly algo: TestAlgo,
    private readonly plan: PipelinePlan,
    readonly broker: PipelineBroker,
    private readonly inputs: TopicReader,
    readonly outputs: TopicReader,
  ) {}

  /** @param network - loopback network of the broker, which no other test file has */
  static async start(network: string): Promise<RunnerLoad> {
    const group = new ProcessGroup();
    const algo = new TestAlgo(({ body }) => ({ body: body.toUpperCase() }));
    const port = await algo.listen();
    const plan = shoutPlan({ input: `inputDeliveryType: Http, contentTypes: [], http: { port: ${port} }` });
    const broker = await PipelineBroker.start(group, network);
    await broker.deploy(plan);
    const inputs = await new TopicReader(broker.administrator, shout.input).start();
    const outputs = await new TopicReader(broker.administrator, shout.output).start();
    return new RunnerLoad(group, algo, plan, broker, inputs, outputs);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.inputs.close();
    await this.outputs.close();
    await this.algo.close();
    await this.group.stopAll();
    this.broker.remove();
  }

  /** Starts a runner. @param environment - variables besides those of its pod */
  async startRunner(
    instance: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PodProcess> {
    const algo = algoOf(this.plan, shout.algo);
    const pod = await startRunnerPod(this.group, algo, { broker: this.broker, instance, environment });
    this.pods.push(pod);
    return pod;
  }

  /** Stops the load and the runners that a test has started. */
  async stopRunners(): Promise<void> {
    this.sending.isOver = true;
    await Promise.all(this.pods.map(({ program }) => program.stop("SIGTERM")));
    this.pods = [];
  }

  /** Resolves when a runner has had some more messages. */
  async works({ program }: PodProcess): Promise<void> {
    const seen = this.outputs.messages.length;
    await eventually("it works", () => this.outputs.messages.length > seen + 20, { program, seconds: 40 });
  }

  /**
   * Sends messages until told to end. What is not acknowledged is sent again, so it may be twice in the topic: what
   * counts as sent is what is there.
   *
   * @param name - beginning of their texts, which tells them from those of other tests
   */
  send(name: string): { readonly stop: () => Promise<void> } {
    let count = 0;
    this.sending.isOver = false;
    const loop = (async () => {
      while (!this.sending.isOver) {
        const batch = Array.from({ length: 10 }, (_, index) => ({
          key: `key-${index}`,
          value: `${name}-${count + index}`,
        }));
        const isSent = await writeMessages(this.broker.administrator, shout.input, batch).then(
          () => true,
          () => false,
        );
        if (isSent) count += batch.length;
        await sleep(40);
      }
    })();
    return {
      stop: async () => {
        this.sending.isOver = true;
        await loop;
      },
    };
  }

  /** Records what came of messages for somebody who reads what is committed, and fails if any is lost or doubled. */
  async nothingLostNorDoubled(name: string, fault: string, tries: number): Promise<void> {
    const { sent, doubled, lost } = await this.outcomeOf(name, fault, tries);
    assert.ok(sent > 100, "there was load");
    assert.deepEqual({ doubled, lost }, { doubled: 0, lost: 0 });
  }

  private async outcomeOf(name: string, fault: string, tries: number): Promise<FaultRecord> {
    const end = { key: "end", value: `${name}-end` };
    await writeMessages(this.broker.administrator, shout.input, [end]);
    await eventually("all is read that was sent", () => this.inputs.counts.has(end.value), { seconds: 60 });
    const sent = [...this.inputs.counts].filter(([value]) => value.startsWith(`${name}-`));
    // Looked at once for all of them: to count thousands of messages for each of thousands takes minutes.
    const seen = (): ((value: string) => number) => {
      const { counts } = this.outputs;
      return (value) => counts.get(value.toUpperCase()) ?? 0;
    };
    const isOut = (): boolean => {
      const timesOf = seen();
      return sent.every(([value, times]) => timesOf(value) >= times);
    };
    await eventually("all has come out", isOut, { seconds: 120 }).catch(() => undefined);
    const timesOf = seen();
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
  }
}
