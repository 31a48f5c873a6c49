import { setTimeout as delay } from "node:timers/promises";
import type { Connections } from "../config/connections-schema";
import type { Layout } from "../local/layout";
import { UserError } from "../local/user-error";
import { publishTestPicture, type CameraOptions } from "./camera";
import { totalOf, type DeliveryAccount } from "./delivery-account";
import type { Credentials } from "./deployment-credentials";
import type { LiveView, Shown } from "./live-view";
import { deliveriesLost, routesFrom, type PathConfig, type PipelineConfig } from "./pipeline-config";
import type { RunningPods } from "./running-pods";
import { sendByGrpc, sendByHttp } from "./senders";
import { accountTable, topicTable, type TopicPurpose } from "./tables";
import { TopicWatch, type TopicCount } from "./topic-watch";

/** Longest wait for what was sent to be delivered, as long as nothing comes, in milliseconds. */
const patience = 90_000;

/** Longest wait for a camera with a wrong key to be turned away, in milliseconds. */
const refusalLimit = 10_000;

/** A pipeline that runs, and what is done with it. */
export interface ShowOptions {
  readonly layout: Layout;
  readonly kafka: Connections["kafka"];
  readonly config: PipelineConfig;
  readonly credentials: Credentials;
  readonly pods: RunningPods;
  readonly ffmpeg: string;
  readonly account: DeliveryAccount;
  readonly view: LiveView;
  /** How long messages are sent. */
  readonly seconds: number;
  /** Pause between two messages of a path, in milliseconds. */
  readonly pause: number;
  readonly signal: AbortSignal;
}

/** What came of it, besides what the account has. */
export interface ShowResult {
  /** Why messages were not taken, once for each. */
  readonly refused: readonly string[];
  /** What is wrong with cameras. */
  readonly cameras: readonly string[];
  /** Messages that wait for another attempt. */
  readonly waiting: number;
}

/** Sends messages by all paths of a pipeline, and shows what passes its topics. */
export class PipelineShow {
  private readonly watch: TopicWatch;
  private readonly refused: string[] = [];
  private readonly cameras: string[] = [];
  private readonly retryTopics: readonly string[];
  private readonly deadLetterTopics: readonly string[];
  private counts: readonly TopicCount[] = [];

  constructor(private readonly options: ShowOptions) {
    const { config, kafka } = options;
    const { readers, paths } = config;
    this.retryTopics = readers.flatMap(({ retryTopics }) => retryTopics);
    this.deadLetterTopics = readers.flatMap(({ deadLetterTopics }) => deadLetterTopics);
    const passed = readers.flatMap(({ reads, writes }) => [...reads, ...writes]);
    const topics = [
      ...paths.map(({ topic }) => topic),
      ...passed,
      ...this.retryTopics,
      ...this.deadLetterTopics,
    ];
    const groups = Object.fromEntries(
      readers.map(({ group, reads, retryTopics }) => [group, [...reads, ...retryTopics]]),
    );
    this.watch = new TopicWatch(kafka, [...new Set(topics)], groups, (topic, headers) => {
      const { traceID, others } = headers;
      if (traceID !== undefined) this.note(topic, traceID, others);
    });
  }

  /** Returns when all was delivered, or nothing comes any more. */
  async run(): Promise<ShowResult> {
    await this.watch.start();
    try {
      await this.sendAndLook();
      await this.untilDelivered();
      this.options.view.end(this.shown());
    } finally {
      await this.watch.stop();
    }
    const retried = this.counts.filter(({ topic }) => this.retryTopics.includes(topic));
    const waiting = retried.flatMap(({ lag }) => Object.values(lag)).reduce((sum, each) => sum + each, 0);
    return { refused: this.refused, cameras: this.cameras, waiting };
  }

  private note(
    topic: string,
    traceID: string,
    headers: readonly (readonly [name: string, value: Buffer])[],
  ): void {
    const { account, config } = this.options;
    const path = config.paths.find((each) => each.protocol === "rtmp" && each.topic === topic);
    // Nobody but the endpoint knows what it made of a stream.
    if (path !== undefined) account.send(traceID, path.name, routesFrom(topic, config));
    if (!this.deadLetterTopics.includes(topic)) return;
    const webhook = headers.find(([name]) => name === "errorWebhook")?.[1].toString();
    account.giveUp(traceID, deliveriesLost(topic, webhook, config));
  }

  private async look(): Promise<void> {
    this.counts = await this.watch.look();
    this.options.view.show(this.shown());
  }

  private shown(): Shown {
    const purposeOf = (topic: string): TopicPurpose =>
      this.retryTopics.includes(topic)
        ? "retry"
        : this.deadLetterTopics.includes(topic)
          ? "dead letters"
          : "";
    const accounts = this.options.account.paths();
    const messages = (purpose: TopicPurpose): number =>
      this.counts.reduce(
        (sum, { topic, messages: count }) => sum + (purposeOf(topic) === purpose ? count : 0),
        0,
      );
    const { sent, delivered, expected } = totalOf(accounts);
    return {
      lines: [...topicTable(this.counts, purposeOf), "", ...accountTable(accounts), ""],
      summary:
        `${sent} sent, ${delivered} of ${expected} delivered, ` +
        `${messages("retry")} to retry topics, ${messages("dead letters")} dead letters`,
    };
  }

  private async sendAndLook(): Promise<void> {
    const { config, seconds, signal } = this.options;
    const streams = config.paths.filter(({ protocol }) => protocol === "rtmp");
    await Promise.all(streams.map((path) => this.tryWrongKey(path)));
    // Signals that nobody holds are collected, with the timer or the other signal that would have ended them.
    const time = new AbortController();
    const stop = (): void => {
      time.abort();
    };
    const timer = setTimeout(stop, seconds * 1000);
    signal.addEventListener("abort", stop, { once: true });
    const run = `demo-${Date.now().toString(36)}`;
    const state = { isSending: true };
    const sending = Promise.all(config.paths.map((path) => this.sendTo(path, run, time.signal))).finally(
      () => {
        state.isSending = false;
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      },
    );
    while (state.isSending) {
      await Promise.race([delay(1000), sending]);
      await this.look();
    }
    await sending;
  }

  private async sendTo(path: PathConfig, run: string, signal: AbortSignal): Promise<void> {
    const { account, config, credentials, pause, pods } = this.options;
    if (path.protocol === "rtmp") {
      await this.publish(path.name, signal);
      return;
    }
    const routes = routesFrom(path.topic, config);
    const sender = {
      path,
      owner: config.owner,
      name: config.name,
      address: `${pods.addressOf("endpoint") ?? ""}:${config.ports[path.protocol]}`,
      apiKeys: Object.values(credentials.apiKeys),
      pause,
      run,
      onSend: (traceID: string) => {
        account.send(traceID, path.name, routes);
      },
      onRefused: (reason: string, traceID: string) => {
        account.withdraw(traceID);
        this.refused.push(`${path.name}: ${reason}`);
      },
      signal,
    };
    await (path.protocol === "http" ? sendByHttp(sender) : sendByGrpc(sender));
  }

  /** What a camera needs to publish to a path, and with which key it may. */
  private camera(path: string): {
    readonly camera: Omit<CameraOptions, "url" | "signal">;
    readonly url: URL;
  } {
    const { credentials, ffmpeg, layout, pods } = this.options;
    const server = pods.addressOf("nginx-rtmp");
    const key = credentials.streamKeys[path];
    if (server === undefined || key === undefined) throw new UserError(`The path ${path} has no stream key`);
    return { camera: { layout, ffmpeg, path }, url: new URL(`rtmp://${server}:1935/live/${key}`) };
  }

  private async tryWrongKey({ name }: PathConfig): Promise<void> {
    const { signal, view } = this.options;
    const { camera, url } = this.camera(name);
    url.searchParams.set("key", "wrong");
    const said = await publishTestPicture({ ...camera, url: url.href, signal, limit: refusalLimit });
    if (signal.aborted) return;
    if (said !== "") view.report(`${name}: a camera with a wrong key is turned away`);
    else this.cameras.push(`${name}: a camera with a wrong key was not turned away`);
  }

  private async publish(path: string, signal: AbortSignal): Promise<void> {
    const { camera, url } = this.camera(path);
    const said = await publishTestPicture({ ...camera, url: url.href, signal });
    if (said !== "") this.cameras.push(`${path}: the camera ended: ${said}`);
  }

  private async untilDelivered(): Promise<void> {
    const { account, signal } = this.options;
    const state = (): string => JSON.stringify(account.paths());
    let last = state();
    let since = performance.now();
    let quiet = 0;
    // A stream's last pieces come when its sender is gone already.
    while (!signal.aborted && quiet < 3 && performance.now() - since < patience) {
      await delay(1000, undefined, { signal }).catch(() => undefined);
      await this.look();
      const now = state();
      if (now !== last) since = performance.now();
      quiet = totalOf(account.paths()).lost === 0 && now === last ? quiet + 1 : 0;
      last = now;
    }
  }
}
