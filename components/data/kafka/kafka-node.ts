import type * as pulumi from "@pulumi/pulumi";
import type { ContainerArgs, PortArgs, VolumeArgs } from "../../workload/pod-args";
import { tcpProbe } from "../../workload/probes";
import { headlessSuffix, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import { kafkaPorts, kafkaUsers, podPaths } from "./cluster-layout";
import { configurationPath } from "./cluster-properties";
import type { KafkaExternalAccess, ResolvedKafkaCluster } from "./kafka-cluster-args";
import { configurationFilesOf, stopWait, type KafkaNodeContext } from "./node-files";
import { brokerName, controllerName, nodePeers } from "./node-names";

/**
 * Label of a pod with the zone of its node, which Kubernetes writes when it binds the pod (since 1.35, by the admission
 * plugin PodTopologyLabels); so no broker needs the right to read nodes. Where it is missing, brokers have no rack.
 */
const zoneLabel = "topology.kubernetes.io/zone";

/** Memory for what must not reach a disk: the passwords while the storage is prepared. */
const memoryVolume: VolumeArgs = { emptyDir: { sizeLimit: "1Mi", medium: "Memory" } };

/** The StatefulSet of the controllers. */
export function controllerWorkload(context: KafkaNodeContext): StatefulSetWorkloadArgs {
  const { cluster, passwords } = context;
  const name = controllerName(cluster);
  const ports = [{ name: "controller", port: kafkaPorts.controller, clients: nodePeers(cluster, "all") }];
  return {
    ...commonWorkload(context, "controller", ports),
    name,
    replicas: cluster.controllers,
    claims: { data: cluster.controllerStorage },
    terminationGracePeriodSeconds: 60,
    egress: [{ peers: nodePeers(cluster, "controllers"), ports: [kafkaPorts.controller] }],
    volumes: volumes(context, "controller", {
      [kafkaUsers.node]: passwords.node,
      [kafkaUsers.administrator]: passwords.administrator,
    }),
    services: [{ suffix: headlessSuffix, headless: true, publishNotReadyAddresses: true }],
    transform: cluster.transform?.controllers,
  };
}

/** The StatefulSet of the brokers. */
export function brokerWorkload(context: KafkaNodeContext): StatefulSetWorkloadArgs {
  const { cluster, passwords } = context;
  const ports: PortArgs[] = [
    { name: "clients", port: kafkaPorts.clients, clients: cluster.clients },
    { name: "replication", port: kafkaPorts.replication, clients: nodePeers(cluster, "brokers") },
    ...(cluster.external === undefined
      ? []
      : [{ name: "external", port: kafkaPorts.external, clients: addressPeers(cluster.external) }]),
  ];
  return {
    ...commonWorkload(context, "broker", ports),
    name: brokerName(cluster),
    replicas: cluster.brokers,
    minReadySeconds: cluster.minReadySeconds,
    claims: { data: cluster.brokerStorage },
    // The wait for copies elsewhere, and as long again for the shutdown itself.
    terminationGracePeriodSeconds: stopWait(cluster) + 120,
    egress: [
      { peers: nodePeers(cluster, "controllers"), ports: [kafkaPorts.controller] },
      { peers: nodePeers(cluster, "brokers"), ports: [kafkaPorts.replication] },
    ],
    volumes: volumes(context, "broker", { [kafkaUsers.node]: passwords.node }),
    services: [
      { ports: ["clients"] },
      { suffix: headlessSuffix, headless: true, publishNotReadyAddresses: true },
    ],
    transform: cluster.transform?.brokers,
  };
}

function commonWorkload(
  { cluster }: KafkaNodeContext,
  role: "controller" | "broker",
  ports: readonly PortArgs[],
): Pick<
  StatefulSetWorkloadArgs,
  "namespace" | "app" | "defaults" | "podManagementPolicy" | "spread" | "containers" | "rollOn"
> {
  const [readyPort] = ports;
  const livePort = ports[1] ?? readyPort;
  if (readyPort === undefined || livePort === undefined) throw new Error(`a ${role} has no port`);
  const container: ContainerArgs = {
    name: "kafka",
    image: cluster.image,
    command: ["sh", configurationPath(podPaths, "start")],
    env: role === "broker" ? externalAddresses(cluster) : {},
    fieldEnv: {
      POD_NAME: "metadata.name",
      POD_INDEX: "metadata.labels['apps.kubernetes.io/pod-index']",
      ...(role === "broker" ? { RACK: `metadata.labels['${zoneLabel}']` } : {}),
    },
    ports,
    probes: {
      // A broker opens its ports when it has caught up, which after a crash means reading all its logs.
      startup: tcpProbe(livePort.name, { periodSeconds: 5, failureThreshold: 180 }),
      readiness: tcpProbe(readyPort.name, { periodSeconds: 5 }),
      liveness: tcpProbe(livePort.name, { periodSeconds: 20, failureThreshold: 6 }),
    },
    preStop:
      role === "broker" && stopWait(cluster) > 0
        ? { exec: { command: ["sh", configurationPath(podPaths, "stop")] } }
        : undefined,
    resources: role === "broker" ? cluster.brokerResources : cluster.controllerResources,
    mounts: [
      { volume: "configuration", path: podPaths.configuration },
      { volume: "credentials", path: podPaths.credentials },
      ...(cluster.tls === undefined ? [] : [{ volume: "certificates", path: podPaths.certificates }]),
      // The image declares this path as a volume of its own; the logs are in a folder of it.
      { volume: "data", path: "/var/lib/kafka/data" },
      { volume: "memory", path: podPaths.memory },
    ],
  };
  return {
    namespace: cluster.namespace,
    app: { name: "kafka", component: role === "broker" ? "kafka-broker" : "kafka-controller" },
    defaults: cluster.defaults,
    podManagementPolicy: "Parallel",
    ...(cluster.spread && { spread: cluster.spread }),
    containers: [container],
  };
}

function addressPeers({ addressBlocks }: KafkaExternalAccess): NonNullable<PortArgs["clients"]> {
  return addressBlocks.map((cidr) => ({ ipBlock: { cidr } }));
}

function externalAddresses({ external }: ResolvedKafkaCluster): Readonly<Record<string, string>> {
  if (external === undefined) return {};
  return { EXTERNAL_ADDRESSES: external.addresses.map(({ host, port }) => `${host}:${port}`).join(",") };
}

function volumes(
  context: KafkaNodeContext,
  role: "controller" | "broker",
  credentials: Readonly<Record<string, pulumi.Input<string>>>,
): Readonly<Record<string, VolumeArgs>> {
  const { tls } = context.cluster;
  return {
    configuration: { files: configurationFilesOf(context, role) },
    credentials: { secretFiles: credentials },
    memory: memoryVolume,
    ...(tls === undefined ? {} : { certificates: { secret: tls.secretName } }),
  };
}
