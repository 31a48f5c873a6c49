import { setTimeout as delay } from "node:timers/promises";
import type { Connections } from "../config/connections-schema";
import type { Layout } from "../local/layout";
import { endLeftPods } from "../local/pods/left-pods";
import type { Stack } from "../local/stack/stack";
import { resolveTools } from "../local/toolchain/toolchain";
import { UserError } from "../local/user-error";
import type { WebhookConfig } from "../services/hook-runner/hook-config";
import { algoCommands } from "./algo-commands";
import { DeliveryAccount, totalOf } from "./delivery-account";
import { deployedObjects, pipelineWorkloads } from "./deployed-objects";
import { deploymentCredentials, type Credentials } from "./deployment-credentials";
import { platformPrograms } from "./platform-programs";
import type { LiveView } from "./live-view";
import { pipelineConfig, type PipelineConfig } from "./pipeline-config";
import { PipelineShow, type ShowResult } from "./pipeline-show";
import { loopbackNetwork, RunningPods } from "./running-pods";
import { standIns, type StandIns } from "./stand-ins";
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
  readonly view: LiveView;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/** Longest wait for what was begun when everything is to end, in milliseconds. */
const showEndLimit = 5_000;

/** A pipeline that can run here, and what it needs. */
interface Prepared {
  readonly config: PipelineConfig;
  readonly credentials: Credentials;
  readonly stand: StandIns;
  readonly workloads: ReturnType<typeof pipelineWorkloads>;
  readonly programs: Awaited<ReturnType<typeof platformPrograms>>;
  readonly ffmpeg: string;
}

/**
 * Runs a deployed pipeline with real data: its pods as processes, from their specs in the cluster.
 *
 * @returns whether everything that was sent was delivered
 */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { layout, view, signal } = options;
  const report = view.report.bind(view);
  const left = await endLeftPods(layout);
  if (left.length > 0) report(`${left.length} containers of an earlier run were ended`);
  const prepared = await untilAborted(prepare(options), signal);
  const { config, credentials, stand, workloads } = prepared;
  const account = new DeliveryAccount();
  const receiver = new WebhookReceiver(credentials.signingSecrets, ({ traceID, webhook, id }) => {
    account.deliver(traceID, webhook, id);
  });
  const address = await receiver.listen(`${loopbackNetwork(layout.directory)}.1`);
  for (const note of notesOf(prepared, address)) report(note);
  const { hook } = config;
  const objects =
    hook === undefined ? stand.objects : withLocalWebhooks(stand.objects, workloads.namespace, hook, address);
  const pods = new RunningPods({
    layout,
    kafka: options.connections.kafka,
    objects: { ...objects, workloads: [...workloads.platform, ...objects.workloads] },
    programs: { ...stand.programs, ...prepared.programs },
    first: workloads.platform,
    mostReplicas: options.replicas,
    report,
  });
  const kafka = options.connections.kafka;
  const show = new PipelineShow({ ...options, ...prepared, kafka, pods, account });
  let showing: Promise<unknown> = Promise.resolve();
  try {
    await untilAborted(pods.start(), signal);
    const shown = show.run();
    showing = shown.catch(() => undefined);
    const result = await untilAborted(shown, signal);
    return conclude(result, account, receiver.refused, pods.restarts, report);
  } finally {
    await Promise.all([pods.stop(), Promise.race([showing, delay(showEndLimit)])]);
    // A camera is no pod's.
    await endLeftPods(layout);
    receiver.close();
  }
}

async function prepare({ layout, pipeline, documents, stack }: DemoOptions): Promise<Prepared> {
  const deployed = await deployedObjects(layout);
  const workloads = pipelineWorkloads(deployed, pipeline);
  const { namespace } = workloads;
  const own = { ...deployed, workloads: workloads.own };
  const config = pipelineConfig(own, namespace);
  const [credentials, tools, programs] = await Promise.all([
    deploymentCredentials(stack, pipeline),
    resolveTools(["ffmpeg"]),
    platformPrograms(),
  ]);
  if (config.isAuthenticated && Object.keys(credentials.apiKeys).length === 0)
    throw new UserError(
      `${pipeline} asks its callers for something that the demo has not: a token, or keys from a Secret`,
    );
  const stand = standIns(own, namespace, algoCommands(documents));
  return { config, credentials, stand, workloads, programs, ffmpeg: tools.ffmpeg.path };
}

/** What is another than in a cluster. */
function notesOf({ config, stand, workloads }: Prepared, receiver: string): readonly string[] {
  const replaced = ({ name, url, signature }: WebhookConfig): string =>
    `webhook ${name}: ${url} is replaced by ${receiver}${signature ? ", which checks signatures" : ""}`;
  return [
    ...stand.notes,
    ...workloads.leftOut.map(({ metadata }) => `${metadata.name}: data connectors don't run here`),
    ...(config.hook?.webhooks ?? []).map(replaced),
  ];
}

/** Says what came of it; gives whether everything that was sent was delivered. */
function conclude(
  { refused, cameras, waiting }: ShowResult,
  account: DeliveryAccount,
  wrongSignatures: number,
  restarts: number,
  report: (line: string) => void,
): boolean {
  const { sent, lost, deadLetters } = totalOf(account.paths());
  for (const reason of new Set(refused)) report(`refused: ${reason}`);
  for (const finding of cameras) report(finding);
  const findings = [
    `${sent} messages were sent`,
    ...(refused.length > 0 ? [`${refused.length} more were refused`] : []),
    ...(deadLetters > 0 ? [`${deadLetters} deliveries ended as dead letters`] : []),
    ...(waiting > 0 ? [`${waiting} messages wait for another attempt`] : []),
    ...(wrongSignatures > 0 ? [`${wrongSignatures} deliveries had a wrong signature`] : []),
    ...(restarts > 0 ? [`containers were started again ${restarts} times`] : []),
  ];
  report(`${lost === 0 ? "Nothing was lost" : `${lost} deliveries are missing`}: ${findings.join(", ")}.`);
  return sent > 0 && lost + deadLetters + refused.length + cameras.length + wrongSignatures === 0;
}

/** Waits for something, but not any longer once it is to end. */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      const end = (): void => {
        reject(new UserError("Interrupted."));
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    }),
  ]);
}
