import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stableJson } from "../../components/workload/stable-text";
import type { AlgoComponentPlan, EventHookPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { buildService } from "../../services/build";
import { freePort } from "../software/free-port";
import type { ProcessGroup, RunningProgram } from "../software/process-group";
import { passwordOf, type PipelineBroker } from "./pipeline-broker";

/** A service as a pod of a pipeline runs it. */
export interface PodProcess {
  readonly program: RunningProgram;
  readonly monitoringPort: number;
  /** Folder of the pod. */
  readonly folder: string;
}

/** How a service is started. */
export interface PodStart {
  readonly broker: PipelineBroker;
  /** Name of the pod: what has the same name again is the same container, restarted. */
  readonly instance: string;
  /** Variables besides those that every pod has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What is put before its command, for it to see another disk. */
  readonly wrapper?: readonly string[];
}

const bundles = new Map<string, Promise<string>>();

/** The file that an image of a service holds, made once for each test file. */
export async function bundleOf(service: "runner" | "hook-runner"): Promise<string> {
  const bundle = bundles.get(service) ?? buildService(service);
  bundles.set(service, bundle);
  return await bundle;
}

/** Starts a runner with the configuration and the environment that its pod has. */
export async function startRunnerPod(
  group: ProcessGroup,
  plan: AlgoComponentPlan,
  start: PodStart,
): Promise<PodProcess> {
  return await startPod(group, "runner", plan, plan.runnerConfig, start);
}

/** Starts a hook runner with the configuration and the environment that its pod has. */
export async function startHookPod(
  group: ProcessGroup,
  plan: EventHookPlan,
  start: PodStart,
): Promise<PodProcess> {
  return await startPod(group, "hook-runner", plan, plan.config, start);
}

async function startPod(
  group: ProcessGroup,
  service: "runner" | "hook-runner",
  plan: AlgoComponentPlan | EventHookPlan,
  config: AlgoComponentPlan["runnerConfig"],
  { broker, instance, environment, wrapper = [] }: PodStart,
): Promise<PodProcess> {
  const bundle = await bundleOf(service);
  const folder = join(broker.folder, instance);
  for (const part of ["input", "output"]) mkdirSync(join(folder, part), { recursive: true });
  const file = join(folder, "config.json");
  writeFileSync(file, stableJson(config ?? {}));
  const monitoringPort = await freePort();
  const [command, ...args] = [...wrapper, process.execPath, bundle, `--config=${file}`];
  const program = group.start({
    command,
    args,
    env: {
      INSTANCE_NAME: instance,
      KAFKA_AUTH_PASSWORD: passwordOf(plan),
      KAFKA_AUTH_TYPE: "scram-sha-512",
      KAFKA_AUTH_USERNAME: plan.identity.username,
      KAFKA_BROKERS: broker.address,
      KAFKA_CONSUMER_GROUP: plan.identity.consumerGroup ?? "",
      KAFKA_TLS: "false",
      LISTEN_ADDRESS: "127.0.0.1",
      MONITORING_PORT: String(monitoringPort),
      ALGORUN_INPUT_FOLDER: join(folder, "input"),
      ALGORUN_OUTPUT_FOLDER: join(folder, "output"),
      ...environment,
    },
    log: join(folder, "log.json"),
  });
  return { program, monitoringPort, folder };
}

/** Whether a pod's readiness probe succeeds. */
export async function isPodReady({ monitoringPort }: PodProcess): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${monitoringPort}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** What a pod says of itself. */
export async function metricsOf({ monitoringPort }: PodProcess): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${monitoringPort}/metrics`)).text();
}

/** What a pod has logged. */
export function podLog({ program }: PodProcess): string {
  return existsSync(program.log) ? readFileSync(program.log, "utf8") : "";
}

/** An algo of a plan. */
export function algoOf(plan: PipelinePlan, name: string): AlgoComponentPlan {
  const found = plan.components.find((component) => component.name === name);
  if (found?.kind !== "algo") throw new Error(`no algo ${name}`);
  return found;
}

/** The hook of a plan. */
export function hookOf(plan: PipelinePlan): EventHookPlan {
  const found = plan.components.find(({ kind }) => kind === "eventHook");
  if (found?.kind !== "eventHook") throw new Error("no event hook");
  return found;
}

/** A folder of a test, in that of its broker. */
export function testFolder({ folder }: PipelineBroker, name: string): string {
  return mkdtempSync(join(folder, `${name}-`));
}
