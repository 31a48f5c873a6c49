import { join } from "node:path";
import type { Connections } from "../config/connections-schema";
import { ensurePki } from "./certificates/pki";
import { startCluster } from "./cluster/cluster";
import { writeConnections } from "./connections";
import { link } from "./files";
import { startBroker } from "./kafka/broker";
import { writeKafkaTools } from "./kafka/command-line-tools";
import { createFolders, type Layout } from "./layout";
import { stopProcess } from "./process/managed-process";
import { choosePorts } from "./process/ports";

/** The programs that the processes of an environment run, as absolute paths. */
export interface ProcessTools {
  /** etcd, the parts of the control plane and KWOK in one program. */
  readonly controlPlane: string;
  readonly kubectl: string;
  readonly java: string;
  /** The folder with Kafka's jars. */
  readonly kafkaJars: string;
}

/** Is told in a few words what has just been done. */
export type Report = (message: string) => void;

/** The processes of an environment; each may use those before it. */
export const processNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "kafka",
] as const;

/** Who is ended together: those that use another go before the one that they use. */
const stopOrder = [
  ["kafka", "kwok", "kube-scheduler", "kube-controller-manager"],
  ["kube-apiserver"],
  ["etcd"],
];

/**
 * Brings up what is not up of a Kubernetes cluster and a Kafka broker, and waits until both work.
 * What already runs as it should is left as it is, whoever started it.
 *
 * @throws UserError if a process does not get ready.
 */
export async function startProcesses(
  layout: Layout,
  tools: ProcessTools,
  report: Report,
): Promise<Connections> {
  createFolders(layout);
  const started = performance.now();
  const pki = await ensurePki(layout);
  const ports = await choosePorts(layout);
  const say = (message: string): void => {
    report(`${message} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  };
  const [kubernetes, kafka] = await Promise.all([
    startCluster({ layout, pki, ports, ...tools }).then((connection) => {
      say(`Kubernetes is ready on https://127.0.0.1:${ports.apiServer}`);
      return connection;
    }),
    startBroker({ layout, pki, ports, java: tools.java, jars: tools.kafkaJars }).then((connection) => {
      say(`Kafka is ready on ${connection.bootstrapServers.join(", ")}`);
      return connection;
    }),
  ]);
  writeKafkaTools(layout, tools.java, tools.kafkaJars, kafka);
  link(tools.kubectl, join(layout.bin, "kubectl"));
  const connections = { kubernetes, kafka: { ...kafka, bootstrapServers: [...kafka.bootstrapServers] } };
  writeConnections(layout, connections);
  return connections;
}

/**
 * Ends every process of an environment that still runs. Its state stays.
 *
 * @returns the names of those that ran.
 */
export async function stopProcesses(layout: Layout): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const group of stopOrder) {
    const results = await Promise.all(group.map((name) => stopProcess(layout, name)));
    stopped.push(...group.filter((_, index) => results[index]));
  }
  return stopped;
}
