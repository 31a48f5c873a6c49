import { readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Connections } from "../config-schema";
import { ensurePki } from "./certificates/pki";
import { startCluster } from "./cluster/cluster";
import { writeConnections } from "./connections";
import { startBroker } from "./kafka/broker";
import { writeKafkaTools } from "./kafka/command-line-tools";
import { createFolders, type Layout } from "./layout";
import { readProcesses, stopProcess } from "./process/managed-process";
import { choosePorts } from "./process/ports";

/** The programs that an environment consists of, as absolute paths. */
export interface EnvironmentTools {
  /** etcd, the parts of the control plane and KWOK in one program. */
  readonly controlPlane: string;
  readonly kubectl: string;
  readonly java: string;
  /** The folder with Kafka's jars. */
  readonly kafkaJars: string;
}

/** Is told in a few words what has just been done. */
export type Report = (message: string) => void;

/**
 * The processes of an environment in the order in which they are ended: those that use
 * another before the one that they use.
 */
const stopOrder = [["kafka"], ["kwok", "kube-scheduler", "kube-controller-manager"], ["kube-apiserver"], ["etcd"]];

/**
 * Brings up what is not up of a Kubernetes cluster and a Kafka broker, and waits until both work.
 * What already runs as it should is left as it is, whoever started it.
 *
 * @throws UserError if a process does not get ready.
 */
export async function startProcesses(layout: Layout, tools: EnvironmentTools, report: Report): Promise<Connections> {
  createFolders(layout);
  const started = performance.now();
  const pki = await ensurePki(layout);
  const ports = await choosePorts(layout);
  const say = (message: string): void => {
    report(`${message} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  };
  const [kubernetes, kafka] = await Promise.all([
    startCluster({ layout, pki, ports, ...tools }).then((connection) => {
      say(`Kubernetes is ready on https://127.0.0.1:${String(ports.apiServer)}`);
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
  const known = readProcesses(layout).map((record) => record.name);
  const unordered = known.filter((name) => !stopOrder.flat().includes(name));
  const stopped: string[] = [];
  for (const group of [unordered, ...stopOrder]) {
    const results = await Promise.all(group.map((name) => stopProcess(layout, name)));
    stopped.push(...group.filter((_, index) => results[index]));
  }
  return stopped;
}

/** Makes a symbolic link, or points an old one to where it should. */
export function link(target: string, path: string): void {
  try {
    if (readlinkSync(path) === target) return;
  } catch {
    // There is none yet.
  }
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
