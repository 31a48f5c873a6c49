import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { kafkaPorts, kafkaUsers, type NodePaths } from "../../components/data/kafka/cluster-layout";
import {
  brokerProperties,
  controllerProperties,
  nodeClientProperties,
  type NodeConfiguration,
} from "../../components/data/kafka/cluster-properties";
import {
  administratorScript,
  loggingProperties,
  startScript,
  stopScript,
} from "../../components/data/kafka/cluster-scripts";
import type { ProcessGroup, RunningProgram } from "./process-group";

/** Certificates as a Secret of the type `kubernetes.io/tls` has them. */
export interface CertificateFiles {
  readonly "tls.crt": string;
  readonly "tls.key": string;
  readonly "ca.crt": string;
}

/** What a test's cluster is made from. */
export interface TestCluster {
  /** Folder for everything. */
  readonly folder: string;
  /** Folder of Kafka's jars. */
  readonly libraries: string;
  readonly controllers: number;
  readonly brokers: number;
  /** Loopback network, such as `127.0.11`: each node listens on an address of its own, at the usual ports. */
  readonly network: string;
  readonly certificates?: CertificateFiles;
  /** PEM of authorities that nodes trust beside their configuration. @default those in their `ca.crt` */
  readonly authorities?: string;
  /** Zone of each broker's node, as Kubernetes writes it into the pod's label. @default unknown */
  readonly zones?: readonly string[];
  /** `host:port` of each broker for clients outside. @default they are not let in */
  readonly externalAddresses?: readonly string[];
  /** Namespace in whose names of pods the nodes call each other. @default they call each other by address */
  readonly namespace?: string;
}

/** Identity of all clusters under test. */
const clusterId = "-FT3hwbYQ2mQrA_I3xG6Hw";

/** Passwords of the two first users. */
export const passwords = { admin: "adminSecret0001", node: "nodeSecret00002" } as const;

/** A node, started from what the component renders and in the way that its pod does it. */
export interface TestNode {
  readonly role: "controller" | "broker";
  readonly index: number;
  readonly host: string;
  readonly program: RunningProgram;
}

/** Renders the configuration of a role into folders as the pod has them. */
function writeRole(cluster: TestCluster, role: "controller" | "broker", index: number): NodePaths {
  const home = join(cluster.folder, `${role}-${index}`);
  const paths: NodePaths = {
    libraries: cluster.libraries,
    configuration: join(home, "configuration"),
    credentials: join(home, "credentials"),
    certificates: join(home, "certificates"),
    data: join(home, "data", "logs"),
    memory: join(home, "memory"),
  };
  for (const folder of [paths.configuration, join(home, "data"), paths.memory])
    mkdirSync(folder, { recursive: true });
  const configuration = configurationOf(cluster, role, paths);
  const files = {
    "server.properties":
      role === "broker" ? brokerProperties(configuration) : controllerProperties(configuration),
    "client.properties": nodeClientProperties(configuration),
    "log4j2.properties": loggingProperties(),
    "start.sh": startScript({ paths, clusterId, role, heapMebibytes: 192 }),
    "administrator.sh": administratorScript(paths, `${cluster.network}.20:${kafkaPorts.clients}`),
    ...(cluster.authorities !== undefined && { "authority.pem": cluster.authorities }),
    "stop.sh": stopScript({ paths, host: `${cluster.network}.2$POD_INDEX`, waitSeconds: 6 }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.configuration, name), text);
  const users = role === "controller" ? Object.values(kafkaUsers) : [kafkaUsers.node];
  writeSecret(paths.credentials, Object.fromEntries(users.map((user) => [user, passwords[user]])));
  if (cluster.certificates !== undefined) writeSecret(paths.certificates, { ...cluster.certificates });
  return paths;
}

function configurationOf(
  cluster: TestCluster,
  role: "controller" | "broker",
  paths: NodePaths,
): NodeConfiguration {
  const { network, namespace } = cluster;
  return {
    paths,
    controllers: Array.from({ length: cluster.controllers }, (_, controller) =>
      namespace === undefined ? `${network}.1${controller}` : podHost(namespace, "controller", controller),
    ),
    brokers: cluster.brokers,
    brokerHost:
      namespace === undefined
        ? `${network}.2\${env:POD_INDEX}`
        : podHost(namespace, "broker", "${env:POD_INDEX}"),
    listenHost: `${network}.${role === "broker" ? 2 : 1}\${env:POD_INDEX}`,
    tls: cluster.certificates !== undefined,
    authority: cluster.authorities === undefined ? "own" : "rendered",
    external: cluster.externalAddresses !== undefined,
    // A small machine starts fifty partitions of each of Kafka's own topics too slowly.
    settings: {
      "offsets.topic.num.partitions": 3,
      "transaction.state.log.num.partitions": 1,
      "group.initial.rebalance.delay.ms": 0,
      "log.cleaner.dedupe.buffer.size": 16_777_216,
    },
  };
}

/** Name of a node's pod, as cluster DNS knows it. */
function podHost(namespace: string, role: "controller" | "broker", index: number | string): string {
  return `kafka-${role}-${index}.kafka-${role}-headless.${namespace}.svc`;
}

/** Has Java find the nodes by name, as cluster DNS would have it. */
function nameService(cluster: TestCluster): Record<string, string> {
  const { folder, network, namespace, controllers, brokers } = cluster;
  if (namespace === undefined) return {};
  const linesOf = (role: "controller" | "broker", count: number): string[] =>
    Array.from(
      { length: count },
      (_, index) => `${network}.${role === "broker" ? 2 : 1}${index} ${podHost(namespace, role, index)}`,
    );
  const file = join(folder, "hosts");
  writeFileSync(
    file,
    `${[...linesOf("controller", controllers), ...linesOf("broker", brokers)].join("\n")}\n`,
  );
  return { JAVA_TOOL_OPTIONS: `-Djdk.net.hosts.file=${file}` };
}

/** Writes files as the kubelet mounts a Secret: each is a link through a folder that is replaced as a whole. */
export function writeSecret(folder: string, files: Readonly<Record<string, string>>): void {
  const version = join(folder, "..2026_01_01");
  mkdirSync(version, { recursive: true });
  symlinkSync("..2026_01_01", join(folder, "..data"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(version, name), text, { mode: 0o440 });
    symlinkSync(join("..data", name), join(folder, name));
  }
}

/** Prepares a node's folders and starts it. */
export function startNode(
  group: ProcessGroup,
  cluster: TestCluster,
  role: "controller" | "broker",
  index: number,
): TestNode {
  const paths = writeRole(cluster, role, index);
  return runNode(group, cluster, role, index, paths);
}

/** Prepares a node's folders, and its storage as an older version would have: nothing of it starts. */
export async function formatNode(
  cluster: TestCluster,
  role: "controller" | "broker",
  index: number,
  release: { readonly version: string; readonly java: string },
): Promise<void> {
  const { configuration, data } = writeRole(cluster, role, index);
  const users = role === "controller" ? Object.entries(passwords) : [];
  const scram = users.map(([name, text]) => `--add-scram=SCRAM-SHA-512=[name=${name},password=${text}]`);
  mkdirSync(data, { recursive: true });
  await promisify(execFile)(
    release.java,
    [
      ...["-Xmx128m", "-cp", join(cluster.libraries, "*"), "kafka.tools.StorageTool", "format"],
      ...[`--cluster-id=${clusterId}`, `--config=${join(configuration, "server.properties")}`],
      ...[`--release-version=${release.version}`, ...scram],
    ],
    { env: { PATH: process.env["PATH"], ...podEnvironment(cluster, role, index) } },
  );
}

/** Starts a node whose folders are there, as a restarted pod does. */
export function restartNode(
  group: ProcessGroup,
  cluster: TestCluster,
  node: Pick<TestNode, "role" | "index">,
): TestNode {
  const configuration = join(cluster.folder, `${node.role}-${node.index}`, "configuration");
  return runNode(group, cluster, node.role, node.index, { configuration });
}

function runNode(
  group: ProcessGroup,
  cluster: TestCluster,
  role: "controller" | "broker",
  index: number,
  { configuration }: Pick<NodePaths, "configuration">,
): TestNode {
  const program = group.start({
    command: "sh",
    args: [join(configuration, "start.sh")],
    env: { ...podEnvironment(cluster, role, index), ...nameService(cluster) },
    log: join(cluster.folder, `${role}-${index}.log`),
  });
  return { role, index, host: `${cluster.network}.${role === "broker" ? 2 : 1}${index}`, program };
}

/** Runs what a broker's pod runs before it is stopped. */
export async function runStopScript(cluster: TestCluster, node: TestNode): Promise<string> {
  const script = join(cluster.folder, `broker-${node.index}`, "configuration", "stop.sh");
  const { stderr } = await promisify(execFile)("sh", [script], {
    env: { PATH: process.env["PATH"], ...podEnvironment(cluster, "broker", node.index) },
  });
  return stderr;
}

function podEnvironment(cluster: TestCluster, role: string, index: number): Record<string, string> {
  const pod = { POD_NAME: `kafka-${role}-${index}`, POD_INDEX: String(index) };
  if (role === "controller") return pod;
  // A label that is not there makes an empty variable.
  return {
    ...pod,
    RACK: cluster.zones?.[index] ?? "",
    ...(cluster.externalAddresses && { EXTERNAL_ADDRESSES: cluster.externalAddresses.join(",") }),
  };
}

/** Whether a node's readiness probe would succeed: its port is open. */
export async function isReady(node: TestNode): Promise<boolean> {
  const port = node.role === "broker" ? kafkaPorts.clients : kafkaPorts.controller;
  return await new Promise((resolve) => {
    const socket = connect({ host: node.host, port, timeout: 1000 });
    const answer = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => {
      answer(true);
    });
    socket.once("error", () => {
      answer(false);
    });
    socket.once("timeout", () => {
      answer(false);
    });
  });
}

/** All that a node has printed. */
export function logOf(node: TestNode): string {
  return readFileSync(node.program.log, "utf8");
}
