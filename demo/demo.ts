import { setTimeout as delay } from "node:timers/promises";
import type { Connections } from "../config/connections-schema";
import type { Layout } from "../local/layout";
import type { Report } from "../local/processes";
import type { Stack } from "../local/stack/stack";
import { resolveTools } from "../local/toolchain/toolchain";
import { UserError } from "../local/user-error";
import { algoCommands } from "./algo-commands";
import { DeliveryAccount } from "./delivery-account";
import { deployedObjects, pipelineWorkloads } from "./deployed-objects";
import { deploymentCredentials, type Credentials } from "./deployment-credentials";
import { platformPrograms } from "./image-programs";
import { pipelineConfig, routesFrom, type PathConfig, type PipelineConfig } from "./pipeline-config";
import { loopbackNetwork, RunningPods } from "./running-pods";
import { sendByGrpc, sendByHttp, sendByRtmp } from "./senders";
import { standIns } from "./stand-ins";
import { TopicWatch } from "./topic-watch";
import { accountTable, LiveView, topicTable } from "./view";
import { WebhookReceiver } from "./webhook-receiver";
import { withLocalWebhooks } from "./webhook-targets";

/** What is shown, and for how long. */
export interface DemoOptions {
  readonly layout: Layout;
  readonly connections: Connections;
  readonly stack: Stack;
  /** `owner.name` of a deployed pipeline. */
  readonly pipeline: string;
  /** Files and folders with the documents of algos. */
  readonly documents: readonly string[];
  /** How long messages are sent. */
  readonly seconds: number;
  /** Most pods of a workload. */
  readonly replicas: number;
  /** Pause between two messages of a path, in milliseconds. */
  readonly pause: number;
  readonly report: Report;
  readonly output: NodeJS.WriteStream;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/** Longest wait for what was sent to be delivered, as long as nothing comes, in milliseconds. */
const patience = 30_000;

/**
 * Runs a deployed pipeline with real data: its pods as processes, from their specs in the cluster.
 *
 * @returns whether everything that was sent was delivered
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { layout, pipeline, report } = options;
  const deployed = await deployedObjects(layout);
  const workloads = pipelineWorkloads(deployed, pipeline);
  const { namespace } = workloads;
  const own = { ...deployed, workloads: workloads.own };
  const config = pipelineConfig(own, namespace);
  const [credentials, tools, platform] = await Promise.all([
    deploymentCredentials(options.stack, pipeline),
    resolveTools(["ffmpeg"]),
    platformPrograms(),
  ]);
  if (config.isAuthenticated && Object.keys(credentials.apiKeys).length === 0)
    throw new UserError(
      `${pipeline} asks its callers for something that the demo has not: a token, or keys from a Secret`,
    );
  const stand = standIns(own, namespace, algoCommands(options.documents));
  for (const note of stand.notes) report(note);
  for (const { metadata } of workloads.leftOut) report(`${metadata.name}: data connectors don't run here`);

  const account = new DeliveryAccount();
  const receiver = new WebhookReceiver(credentials.signingSecrets, ({ traceID, webhook, id }) => {
    account.deliver(traceID, webhook, id);
  });
  const address = await receiver.listen(`${loopbackNetwork(layout.directory)}.1`);
  const { hook } = config;
  for (const { name, url, signature } of hook?.webhooks ?? [])
    report(
      `webhook ${name}: ${url} is replaced by ${address}${signature ? ", which checks signatures" : ""}`,
    );
  const objects =
    hook === undefined ? stand.objects : withLocalWebhooks(stand.objects, namespace, hook, address);
  const pods = new RunningPods({
    layout,
    kafka: options.connections.kafka,
    objects: { ...objects, workloads: [...workloads.platform, ...objects.workloads] },
    programs: { ...stand.programs, ...platform },
    first: workloads.platform,
    mostReplicas: options.replicas,
    report,
  });
  const demo: RunningDemo = {
    options,
    config,
    credentials,
    account,
    pods,
    receiver,
    ffmpeg: tools.ffmpeg.path,
  };
  try {
    await untilAborted(pods.start(), options.signal);
    return await show(demo);
  } finally {
    await pods.stop();
    receiver.close();
  }
}

interface RunningDemo {
  readonly options: DemoOptions;
  readonly config: PipelineConfig;
  readonly credentials: Credentials;
  readonly account: DeliveryAccount;
  readonly pods: RunningPods;
  readonly receiver: WebhookReceiver;
  readonly ffmpeg: string;
}

/** Sends, shows what passes, and says what became of it. */
async function show(demo: RunningDemo): Promise<boolean> {
  const { options, config, account, pods, receiver } = demo;
  const { readers, retryTopics, deadLetterTopics, paths } = config;
  const streams = new Map(
    paths.filter(({ protocol }) => protocol === "rtmp").map((path) => [path.topic, path]),
  );
  const topics = [
    ...paths.map(({ topic }) => topic),
    ...readers.flatMap(({ reads, writes }) => [...reads, ...writes]),
  ];
  const all = [...new Set([...topics, ...retryTopics, ...deadLetterTopics])];
  const groups = Object.fromEntries(readers.map(({ group, reads }) => [group, reads]));
  const watch = new TopicWatch(options.connections.kafka, all, groups, (topic, { traceID }) => {
    const path = streams.get(topic);
    // Nobody but the endpoint knows what it made of a stream.
    if (path !== undefined && traceID !== undefined)
      account.send(traceID, path.name, routesFrom(topic, config));
  });
  await watch.start();
  const view = new LiveView(options.output);
  const purposeOf = (topic: string): "" | "retry" | "dead letters" =>
    retryTopics.includes(topic) ? "retry" : deadLetterTopics.includes(topic) ? "dead letters" : "";
  const look = async (): Promise<void> => {
    const counts = await watch.look();
    view.show([...topicTable(counts, purposeOf), "", ...accountTable(account.paths()), ""]);
  };
  const refused: string[] = [];
  try {
    await sendAndLook(demo, refused, look);
    await untilDelivered(account, look, options.signal);
    view.keep();
  } finally {
    await watch.stop();
  }
  const lost = account.paths().reduce((sum, each) => sum + each.lost, 0);
  const sent = account.paths().reduce((sum, each) => sum + each.sent, 0);
  for (const reason of new Set(refused)) options.report(`refused: ${reason}`);
  const bad = receiver.refused > 0 ? `; ${receiver.refused} deliveries had a wrong signature` : "";
  const restarts = pods.restarts > 0 ? `; containers were started again ${pods.restarts} times` : "";
  options.report(
    `${lost === 0 ? "Nothing was lost" : `${lost} deliveries are missing`}: ${sent} messages were sent` +
      `${refused.length > 0 ? `, ${refused.length} more were refused` : ""}${bad}${restarts}.`,
  );
  return lost === 0 && sent > 0 && refused.length === 0 && receiver.refused === 0;
}

async function sendAndLook(demo: RunningDemo, refused: string[], look: () => Promise<void>): Promise<void> {
  const { signal, seconds } = demo.options;
  // Signals that nobody holds are collected, with the timer or the other signal that would have ended them.
  const time = new AbortController();
  const stop = (): void => {
    time.abort();
  };
  const timer = setTimeout(stop, seconds * 1000);
  signal.addEventListener("abort", stop, { once: true });
  const run = `demo-${Date.now().toString(36)}`;
  const state = { isSending: true };
  const sending = Promise.all(
    demo.config.paths.map((path) => sendTo(path, demo, run, refused, time.signal)),
  ).finally(() => {
    state.isSending = false;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
  while (state.isSending) {
    await Promise.race([delay(1000), sending]);
    await look();
  }
  await sending;
}

async function sendTo(
  path: PathConfig,
  { options, config, credentials, account, pods, ffmpeg }: RunningDemo,
  run: string,
  refused: string[],
  signal: AbortSignal,
): Promise<void> {
  if (path.protocol === "rtmp") {
    const server = pods.addressOf("nginx-rtmp");
    const key = credentials.streamKeys[path.name];
    if (server === undefined || key === undefined)
      throw new UserError(`The path ${path.name} has no stream key`);
    const said = await sendByRtmp(ffmpeg, `rtmp://${server}:1935/live/${key}`, signal);
    if (said !== "") refused.push(`${path.name}: ${said}`);
    return;
  }
  const routes = routesFrom(path.topic, config);
  const sender = {
    path,
    owner: config.owner,
    name: config.name,
    address: pods.addressOf("endpoint") ?? "",
    apiKey: Object.values(credentials.apiKeys)[0],
    pause: options.pause,
    run,
    onSend: (traceID: string) => {
      account.send(traceID, path.name, routes);
    },
    onRefused: (reason: string, traceID: string) => {
      account.withdraw(traceID);
      refused.push(`${path.name}: ${reason}`);
    },
    signal,
  };
  await (path.protocol === "http" ? sendByHttp(sender) : sendByGrpc(sender));
}

/** Waits until everything has come, or nothing comes any more. */
async function untilDelivered(
  account: DeliveryAccount,
  look: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const state = (): string => JSON.stringify(account.paths());
  const isComplete = (): boolean => account.paths().every(({ lost }) => lost === 0);
  let last = state();
  let since = performance.now();
  let quiet = 0;
  // A stream's last pieces come when its sender is gone already.
  while (!signal.aborted && quiet < 3 && performance.now() - since < patience) {
    await delay(1000, undefined, { signal }).catch(() => undefined);
    await look();
    const now = state();
    if (now !== last) since = performance.now();
    quiet = isComplete() && now === last ? quiet + 1 : 0;
    last = now;
  }
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => {
        reject(new UserError("Interrupted."));
      });
    }),
  ]);
}
