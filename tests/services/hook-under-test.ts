import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EventHookPlan } from "../../pipelines/model/plan/plan";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { hookOf, isPodReady, startHookPod, type PodProcess } from "./pod-process";
import { shout, shoutPlan } from "./shout-pipeline";
import { TopicReader, writeMessages } from "./topic-reader";
import type { WebhookReceiver } from "./webhook-receiver";

/** The hook's dead letters. */
const deadLetterTopic = "algorun.acme.shout.hook.0.dead-letters";

/** Webhooks of the pipeline under test: `crm` signs and has a header from a Secret, `audit` has neither. */
export interface HookReceivers {
  /** Address of each: scheme, host and port. */
  readonly crm: string;
  readonly audit: string;
}

/** A pipeline's hook with its planned configuration and rights, its topics, and what it reads from Secrets. */
export class HookUnderTest {
  pods: PodProcess[] = [];

  private constructor(
    readonly broker: PipelineBroker,
    private readonly plan: EventHookPlan,
    readonly deadLetters: TopicReader,
    private readonly group: ProcessGroup,
  ) {}

  /** @param network - loopback network that no other test file has, such as `127.0.33` */
  static async start(network: string, receivers: HookReceivers): Promise<HookUnderTest> {
    const group = new ProcessGroup();
    try {
      return await HookUnderTest.startIn(group, network, receivers);
    } catch (error) {
      await group.stopAll();
      throw error;
    }
  }

  private static async startIn(
    group: ProcessGroup,
    network: string,
    receivers: HookReceivers,
  ): Promise<HookUnderTest> {
    const plan = shoutPlan({
      input: "inputDeliveryType: Http, contentTypes: []",
      webHooks: `{ name: crm, pipelineHookInputName: upper, webHookUrl: "https://crm.acme.example/in", signature: {}, httpVerb: PUT, httpHeaders: "X-Own: stated", secretHeaders: { Authorization: { secretName: crm, key: bearer } } }, { name: audit, pipelineHookInputName: upper, webHookUrl: "https://audit.acme.example/" }`,
    });
    const broker = await PipelineBroker.start(group, network);
    await broker.deploy(plan);
    const hook = hookOf(plan);
    // Documents can't lead to receivers on this machine.
    const config: unknown = JSON.parse(
      JSON.stringify(hook.config)
        .replaceAll("https://crm.acme.example", receivers.crm)
        .replaceAll("https://audit.acme.example", receivers.audit)
        .replaceAll("/etc/algorun/secrets/crm/bearer", join(broker.folder, "bearer"))
        .replaceAll("/etc/algorun/signing/crm", join(broker.folder, "signing")),
    );
    const deadLetters = await new TopicReader(broker.administrator, deadLetterTopic).start();
    const started = new HookUnderTest(broker, Object.assign({}, hook, { config }), deadLetters, group);
    started.changeSecret("bearer", "Bearer one\n");
    started.changeSecret(
      "signing",
      `whsec_${Buffer.from("a secret of thirty-two characters").toString("base64")}`,
    );
    return started;
  }

  /** Changes the file of a Secret, as Kubernetes does in a running pod. */
  changeSecret(name: "bearer" | "signing", text: string): void {
    writeFileSync(join(this.broker.folder, name), text);
  }

  /** Starts a pod, and waits until it has its partitions. */
  async startPod(instance: string, environment: Readonly<Record<string, string>>): Promise<PodProcess> {
    const pod = await startHookPod(this.group, this.plan, { broker: this.broker, instance, environment });
    this.pods.push(pod);
    await eventually("a ready hook", () => isPodReady(pod), { program: pod.program });
    return pod;
  }

  /** Ends all pods, as Kubernetes does. */
  async stopPods(): Promise<void> {
    await Promise.all(this.pods.map(({ program }) => program.stop("SIGTERM")));
    this.pods = [];
  }

  /** Sends messages, each with its value as its key and in its id. */
  async send(values: readonly string[], headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const messages = values.map((value) => ({
      key: value,
      value,
      headers: { messageID: `id-${value}`, contentType: "text/plain", ...headers },
    }));
    await writeMessages(this.broker.administrator, shout.output, messages);
  }

  /** Waits until a receiver has taken messages. */
  async taken(receiver: WebhookReceiver, values: readonly string[], seconds = 40): Promise<void> {
    const pod = this.pods.find(({ program }) => !program.ended());
    await eventually(
      `${values.length} messages are taken`,
      () => {
        const { ids } = receiver;
        return values.every((value) => ids.has(value));
      },
      { seconds, ...(pod === undefined ? {} : { program: pod.program }) },
    );
  }

  async close(): Promise<void> {
    await this.deadLetters.close();
    await this.group.stopAll();
    this.broker.remove();
  }
}
