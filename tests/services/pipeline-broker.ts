import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { generationName } from "../../components/secret-rotation";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { ComponentPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { administer, createUser, grant, type KafkaLogin } from "../software/kafka-client";
import {
  isReady,
  passwords,
  restartNode,
  startNode,
  type TestCluster,
  type TestNode,
} from "../software/kafka-nodes";
import { eventually, type ProcessGroup, type RunningProgram } from "../software/process-group";

/** Password of a component's user. */
export function passwordOf({ name }: ComponentPlan): string {
  return `secretOf${name}0001`;
}

/** A broker with the topics, the users and exactly the rights of a plan. */
export class PipelineBroker {
  readonly folder: string;
  readonly administrator: KafkaLogin;
  private readonly cluster: TestCluster;
  private broker: TestNode;

  private constructor(
    private readonly group: ProcessGroup,
    network: string,
    /** Folder of Kafka's jars. */
    readonly libraries: string,
    readonly java: string,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), "algorun-broker-"));
    this.cluster = { folder: this.folder, libraries, controllers: 1, brokers: 1, network };
    this.administrator = { brokers: [this.address], username: "admin", password: passwords.admin };
    startNode(group, this.cluster, "controller", 0);
    this.broker = startNode(group, this.cluster, "broker", 0);
  }

  /**
   * Starts it.
   *
   * @param network - loopback network that no other test file has, such as `127.0.31`
   */
  static async start(group: ProcessGroup, network: string): Promise<PipelineBroker> {
    const { java, kafka } = await resolveTools(["java", "kafka"]);
    const started = new PipelineBroker(group, network, kafka.path, java.path);
    await started.ready();
    return started;
  }

  /** `host:port`. */
  get address(): string {
    return `${this.cluster.network}.20:9092`;
  }

  /** The broker's process. */
  get program(): RunningProgram {
    return this.broker.program;
  }

  /**
   * Makes what the stack makes for a pipeline.
   *
   * @param components - those that get users
   */
  async deploy(plan: PipelinePlan, components = plan.components): Promise<void> {
    await administer(this.administrator, async (admin) => {
      const configs = (parameters: Readonly<Record<string, string>>): { name: string; value: string }[] =>
        Object.entries(parameters)
          .filter(([name]) => name !== "min.insync.replicas")
          .map(([name, value]) => ({ name, value }));
      for (const { name, partitions, parameters } of plan.topics)
        await admin.createTopics({ topics: [name], partitions, replicas: 1, configs: configs(parameters) });
    });
    for (const component of components) await this.addUser(component, 1);
  }

  /** Makes the user that a component logs in as in a generation of its password. @returns its name */
  async addUser(component: ComponentPlan, generation: number): Promise<string> {
    const { identity } = component;
    const username = generationName(identity.username, generation);
    const tool = { libraries: this.cluster.libraries, folder: this.folder, java: this.java };
    await createUser(this.administrator, { username, password: passwordOf(component) }, tool);
    await grant(this.administrator, username, identity);
    return username;
  }

  /**
   * Stops the broker as a crash does, and starts it again.
   *
   * @param awayMs - how long it is away at least
   */
  async restart(awayMs = 0): Promise<void> {
    await this.broker.program.stop("SIGKILL");
    await sleep(awayMs);
    this.broker = restartNode(this.group, this.cluster, this.broker);
    await this.ready();
  }

  remove(): void {
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const { broker } = this;
    await eventually("a broker", () => isReady(broker), { program: broker.program, seconds: 280 });
  }
}
