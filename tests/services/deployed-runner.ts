import assert from "node:assert/strict";
import type { AlgoComponentPlan } from "../../pipelines/model/plan/plan";
import { eventually, type ProcessGroup } from "../software/process-group";
import type { PipelineBroker } from "./pipeline-broker";
import { algoOf, isPodReady, metricsOf, startRunnerPod, type PodProcess, type PodStart } from "./pod-process";
import { shoutNames, shoutPlan, type ShoutOptions } from "./shout-pipeline";
import { TopicReader, writeMessages, type SeenMessage, type SentMessage } from "./topic-reader";

/** A deployment of the shouting pipeline, of which the runner runs. */
export interface RunnerDeployment extends ShoutOptions, Pick<PodStart, "environment" | "wrapper"> {
  readonly name: string;
}

/** A runner with its planned configuration, topics and rights, and all that comes out of it. */
export class DeployedRunner {
  private readonly readers = new Map<string, TopicReader>();
  private constructor(
    private readonly broker: PipelineBroker,
    private readonly names: ReturnType<typeof shoutNames>,
    readonly plan: AlgoComponentPlan,
    private readonly deadLetterTopic: string,
    readonly pod: PodProcess,
  ) {}

  /** Deploys it, and returns when it is ready. */
  static async start(
    group: ProcessGroup,
    broker: PipelineBroker,
    { environment, wrapper, ...options }: RunnerDeployment,
  ): Promise<DeployedRunner> {
    const pipeline = shoutPlan({ partitions: 2, ...options });
    const names = shoutNames(options.name);
    const plan = algoOf(pipeline, names.algo);
    await broker.deploy(pipeline, [plan]);
    const instance = `${options.name}-a`;
    const pod = await startRunnerPod(group, plan, {
      broker,
      instance,
      ...(environment !== undefined && { environment }),
      ...(wrapper !== undefined && { wrapper }),
    });
    const given = pipeline.topics.find(
      ({ purpose, producedBy }) => purpose === "deadLetter" && producedBy.component === plan.name,
    );
    assert.ok(given);
    await eventually(`a ready ${instance}`, () => isPodReady(pod), { program: pod.program });
    return new DeployedRunner(broker, names, plan, given.name, pod);
  }

  /** Puts messages into the topic that it reads. */
  async send(...messages: readonly SentMessage[]): Promise<void> {
    await writeMessages(this.broker.administrator, this.names.input, messages);
  }

  /** Puts texts into the topic that it reads, all with one key. */
  async sendTexts(...values: readonly string[]): Promise<void> {
    await this.send(...values.map((value) => ({ key: "k", value })));
  }

  /** What comes out, of the output with the pipe, or of another topic. */
  async topic(name: string = this.names.output): Promise<TopicReader> {
    const known = this.readers.get(name) ?? (await new TopicReader(this.broker.administrator, name).start());
    this.readers.set(name, known);
    return known;
  }

  /** Waits for a message. */
  async sees(
    what: string,
    isIt: (message: SeenMessage) => boolean,
    topic = this.names.output,
  ): Promise<SeenMessage> {
    const reader = await this.topic(topic);
    await eventually(what, () => reader.messages.some(isIt), { program: this.pod.program, seconds: 40 });
    const found = reader.messages.find(isIt);
    assert.ok(found);
    return found;
  }

  /** Waits for a result. */
  async seesText(text: string): Promise<SeenMessage> {
    return await this.sees(`the result ${text.slice(0, 100)}`, ({ value }) => value === text);
  }

  /** Waits until a message lies with the dead letters. @returns the headers that say why, and where it was */
  async givesUp(text: string): Promise<Readonly<Record<string, string>>> {
    const isIt = ({ value }: SeenMessage): boolean => value === text;
    const { headers } = await this.sees(`the dead letter ${text.slice(0, 100)}`, isIt, this.deadLetterTopic);
    return Object.fromEntries(headers.others.map(([name, value]) => [name, value.toString()]));
  }

  /** The sum of a metric over all its labels. */
  async metric(name: string): Promise<number> {
    const lines = (await metricsOf(this.pod)).split("\n");
    return lines
      .filter((line) => line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
  }

  async close(): Promise<void> {
    for (const reader of this.readers.values()) await reader.close();
  }
}
