import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connections } from "../config/connections-schema";
import type { Layout } from "../local/layout";
import type { ImagePrograms } from "../local/pods/image-programs";
import type { PodObjects, Workload } from "../local/pods/kubernetes-objects";
import { planPods } from "../local/pods/plan-pods";
import { PodRun, type PodEvent } from "../local/pods/pod-run";
import type { Report } from "../local/processes";

/** Longest wait for a pod, in milliseconds: a Node program takes seconds to start on a busy machine. */
const readyLimit = 90_000;

/** What pods run with. */
export interface RunningPodsOptions {
  readonly layout: Layout;
  readonly kafka: Connections["kafka"];
  /** With the workloads that shall run, in the order in which they start. */
  readonly objects: PodObjects;
  readonly programs: ImagePrograms;
  /** Workloads that all others wait for. */
  readonly first: readonly Workload[];
  /** Most pods of a workload. */
  readonly mostReplicas: number;
  readonly report: Report;
}

/** The pods of a pipeline, and of the platform as far as it needs them, as processes. */
export class RunningPods {
  private readonly runs: readonly PodRun[];

  constructor(private readonly options: RunningPodsOptions) {
    const { layout, kafka, objects, programs, mostReplicas, report } = options;
    const root = join(layout.directory, "pods");
    const authority = join(layout.pki, "kafka-clients-ca.pem");
    writeFileSync(authority, kafka.caCertificate, { mode: 0o600 });
    const settings = {
      root,
      network: loopbackNetwork(layout.directory),
      programs,
      addresses: {},
      // The brokers of the cluster are simulated; the one beside it takes their part.
      variables: {
        KAFKA_BROKERS: kafka.bootstrapServers.join(","),
        KAFKA_TLS: "true",
        KAFKA_TLS_CA_LOCATION: authority,
      },
    };
    const onEvent = ({ pod, container, delay }: PodEvent): void => {
      report(`${pod}: ${container} has ended, and starts again in ${delay / 1000} s`);
    };
    const replicas = ({ spec }: Workload): number => Math.min(spec.replicas, mostReplicas);
    this.runs = planPods(objects, settings, replicas).map((pod) => new PodRun({ layout, pod, onEvent }));
  }

  /** How often containers were started again. */
  get restarts(): number {
    return this.runs.reduce((sum, { restarts }) => sum + restarts, 0);
  }

  /** Address of a workload's first pod. */
  addressOf(workload: string): string | undefined {
    return this.runs.find(({ pod }) => pod.workload === workload)?.pod.address;
  }

  /** Starts all pods, and returns when all are ready. */
  async start(): Promise<void> {
    const { first, report } = this.options;
    const names = first.map(({ metadata }) => metadata.name);
    for (const name of names) {
      for (const each of this.runs.filter(({ pod }) => pod.workload === name)) await each.start(readyLimit);
      report(`${name} is ready`);
    }
    const others = this.runs.filter(({ pod }) => !names.includes(pod.workload));
    await Promise.all(
      others.map(async (each) => {
        await each.start(readyLimit);
        report(`${each.pod.name} is ready on ${each.pod.address}`);
      }),
    );
  }

  /** Ends all pods: what others use goes last. */
  async stop(): Promise<void> {
    const isFirst = ({ pod }: PodRun): boolean =>
      this.options.first.some(({ metadata }) => metadata.name === pod.workload);
    await Promise.all(this.runs.filter((each) => !isFirst(each)).map((each) => each.stop()));
    for (const each of [...this.runs.filter(isFirst)].reverse()) await each.stop();
  }
}

/** A loopback network of an environment's own, so that two of them run side by side. */
export function loopbackNetwork(directory: string): string {
  const [first = 0, second = 0] = createHash("sha256").update(directory).digest();
  return `127.${64 + (first % 128)}.${second}`;
}
