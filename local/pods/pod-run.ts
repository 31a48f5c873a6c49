import { setTimeout as delay } from "node:timers/promises";
import { rmSync } from "node:fs";
import type { Layout } from "../layout";
import { endProcessGroup, ensureProcess, logPath, logTail, readProcess } from "../process/managed-process";
import { isAlive } from "../process/process-identity";
import { until } from "../process/until";
import { UserError } from "../user-error";
import { completionOf, recordingExit } from "./exit-code";
import { layDownPod } from "./lay-down-pod";
import type { ContainerProcess, NetworkProbe, PodProcesses } from "./pod-processes";
import { answers } from "./probe";
import { nextRestart, type RestartHistory } from "./restart-delay";

/** Pause between two looks at a process, in milliseconds. */
const interval = 200;

/** A container of a pod has ended by itself. */
export interface PodEvent {
  readonly pod: string;
  readonly container: string;
  /** Pause before it is started again, in milliseconds. */
  readonly delay: number;
}

/** Settings of {@link PodRun}. */
export interface PodRunOptions {
  readonly layout: Layout;
  readonly pod: PodProcesses;
  /** Is told when a container has ended by itself. @default nobody is */
  readonly onEvent?: (event: PodEvent) => void;
}

/** A pod whose containers run as processes, and are started again when they end, as the kubelet does it. */
export class PodRun {
  private readonly ended = new AbortController();
  private readonly watches: Promise<void>[] = [];
  private readonly histories = new Map<string, RestartHistory>();

  constructor(private readonly options: PodRunOptions) {}

  get pod(): PodProcesses {
    return this.options.pod;
  }

  /** How often containers were started again. */
  get restarts(): number {
    return [...this.histories.values()].reduce((sum, { restarts }) => sum + restarts, 0);
  }

  /**
   * Starts the containers in order, and returns when the pod is ready, or has done its work if it is a Job's.
   *
   * @param limit - longest wait in milliseconds
   * @throws UserError with the end of a log when the time is up
   */
  async start(limit: number): Promise<void> {
    const starting = this.startAll(performance.now() + limit);
    // Nothing is started any more once the pod is ended.
    this.watches.push(starting.catch(() => undefined));
    await starting;
  }

  private async startAll(end: number): Promise<void> {
    const left = (): number => Math.max(0, end - performance.now());
    const { containers, runs } = this.pod;
    layDownPod(this.pod);
    for (const container of containers) {
      if (this.ended.signal.aborted) return;
      const isToEnd = container.kind === "init" || (container.kind === "main" && runs === "to completion");
      if (isToEnd) await this.complete(container, left);
      else await this.startOne(container);
      if (container.kind === "sidecar")
        await this.awaitProbe(container, container.startup, "has started", left());
    }
    for (const container of containers) {
      await this.awaitProbe(container, container.readiness, "is ready", left());
    }
  }

  /** Ends all containers, the sidecars last, and whatever they started. */
  async stop(): Promise<void> {
    this.ended.abort();
    await Promise.all(this.watches);
    const names = (kinds: readonly string[]): readonly string[] =>
      this.pod.containers.filter(({ kind }) => kinds.includes(kind)).map(({ processName }) => processName);
    const { layout } = this.options;
    await Promise.all(names(["main", "init"]).map((name) => endProcessGroup(layout, name)));
    for (const name of [...names(["sidecar"])].reverse()) await endProcessGroup(layout, name);
  }

  private async startOne(container: ContainerProcess): Promise<void> {
    await this.launch(container);
    this.watches.push(this.watch(container));
  }

  private async launch({ processName, program, args, env, ports }: ContainerProcess): Promise<void> {
    // One that an earlier command left behind would go on with files that are no longer its own.
    await endProcessGroup(this.options.layout, processName);
    await ensureProcess(this.options.layout, { name: processName, program, args, env, ports });
  }

  /** Starts a container again whenever it ends, until the pod is ended. */
  private async watch(container: ContainerProcess): Promise<void> {
    const { signal } = this.ended;
    for (;;) {
      const started = performance.now();
      while (this.runs(container)) if (!(await pause(interval, signal))) return;
      await pause(this.noteRestart(container, performance.now() - started), signal);
      if (signal.aborted) return;
      await this.launch(container);
    }
  }

  private noteRestart({ name }: ContainerProcess, ranFor: number): number {
    const before = this.histories.get(name) ?? { restarts: 0 };
    const { delay: length, history } = nextRestart(before, ranFor);
    this.histories.set(name, history);
    this.options.onEvent?.({ pod: this.pod.name, container: name, delay: length });
    return length;
  }

  /** Runs a container to its end, again and again until it succeeds. */
  private async complete(container: ContainerProcess, left: () => number): Promise<void> {
    const { layout } = this.options;
    const { signal } = this.ended;
    const { process, exitFile } = recordingExit(container, layout);
    for (;;) {
      rmSync(exitFile, { force: true });
      const started = performance.now();
      await this.launch(process);
      const ended = await until(() => signal.aborted || !this.runs(container), left());
      if (signal.aborted) return;
      if (ended && completionOf(exitFile) === 0) return;
      const wait = this.noteRestart(container, performance.now() - started);
      if (!ended || left() <= wait) throw this.failure(container, "has not done its work");
      await pause(wait, signal);
    }
  }

  private async awaitProbe(
    container: ContainerProcess,
    probe: NetworkProbe | undefined,
    what: string,
    limit: number,
  ): Promise<void> {
    const { signal } = this.ended;
    const isReady = async (): Promise<boolean> =>
      signal.aborted || (this.runs(container) && (probe === undefined || (await answers(probe))));
    if (container.kind === "init" || this.pod.runs === "to completion") return;
    if (!(await until(isReady, limit)))
      throw this.failure(container, `is not there: nothing says that it ${what}`);
  }

  private runs({ processName }: ContainerProcess): boolean {
    const record = readProcess(this.options.layout, processName);
    return record !== undefined && isAlive(record);
  }

  private failure({ name, processName }: ContainerProcess, problem: string): UserError {
    const { layout } = this.options;
    const restarts = this.histories.get(name)?.restarts ?? 0;
    const again = restarts === 0 ? "" : `, and has ended ${restarts === 1 ? "once" : `${restarts} times`}`;
    return new UserError(
      `Pod ${this.pod.namespace}/${this.pod.name}: container ${name} ${problem}${again}. The end of its log ` +
        `(${logPath(layout, processName)}):\n${logTail(layout, processName)}`,
    );
  }
}

/** @returns false when it was cut short */
async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(milliseconds, true, { signal }).catch(() => false);
}
