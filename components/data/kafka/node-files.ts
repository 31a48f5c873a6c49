import * as pulumi from "@pulumi/pulumi";
import { headlessSuffix } from "../../workload/stateful-set-workload";
import { configurationFiles, podPaths, type kafkaUsers } from "./cluster-layout";
import {
  brokerProperties,
  controllerProperties,
  nodeClientProperties,
  type NodeConfiguration,
} from "./cluster-properties";
import { loggingProperties, startScript, stopScript } from "./cluster-scripts";
import { heapMebibytes } from "./heap";
import type { ResolvedKafkaCluster } from "./kafka-cluster-args";
import { brokerName, controllerName } from "./node-names";
import { replicationFor } from "./replication";

/** What the nodes of one cluster share, beside their arguments. */
export interface KafkaNodeContext {
  readonly cluster: ResolvedKafkaCluster;
  /** 16 bytes in base64url. */
  readonly clusterId: pulumi.Input<string>;
  readonly passwords: Readonly<Record<keyof typeof kafkaUsers, pulumi.Input<string>>>;
}

/** Seconds that a broker may wait before it stops. Without a copy to spare, as with one broker, waiting is in vain. */
export function stopWait(cluster: ResolvedKafkaCluster): number {
  const { factor, minimumInSync } = replicationFor(cluster.brokers);
  return factor > minimumInSync ? cluster.stopWaitSeconds : 0;
}

/** The files that the nodes of a role read. */
export function configurationFilesOf(
  { cluster, clusterId }: KafkaNodeContext,
  role: "controller" | "broker",
): Readonly<Record<string, pulumi.Input<string>>> {
  const memory =
    (role === "broker" ? cluster.brokerResources : cluster.controllerResources).limits["memory"] ?? "";
  const configuration = pulumi
    .output(cluster.namespace)
    .apply((namespace) => nodeConfiguration(cluster, namespace));
  const start = pulumi
    .output(clusterId)
    .apply((id) =>
      startScript({ paths: podPaths, clusterId: id, role, heapMebibytes: heapMebibytes(memory) }),
    );
  const authority = cluster.tls?.caCertificate;
  const common = {
    "log4j2.properties": loggingProperties(),
    "start.sh": start,
    ...(authority !== undefined && { [configurationFiles.authority]: authority }),
  };
  if (role === "controller")
    return { ...common, "server.properties": configuration.apply(controllerProperties) };
  const server = { "server.properties": configuration.apply(brokerProperties) };
  if (stopWait(cluster) === 0) return { ...common, ...server };
  const stop = configuration.apply(({ brokerHost }) =>
    stopScript({
      paths: podPaths,
      host: brokerHost.replace("${env:POD_NAME}", "$POD_NAME"),
      waitSeconds: stopWait(cluster),
    }),
  );
  return {
    ...common,
    ...server,
    "client.properties": configuration.apply(nodeClientProperties),
    "stop.sh": stop,
  };
}

/** Settings with which Kafka's own tools log in as a node. */
export function clientFile({ cluster }: KafkaNodeContext): pulumi.Output<string> {
  return pulumi
    .output(cluster.namespace)
    .apply((namespace) => nodeClientProperties(nodeConfiguration(cluster, namespace)));
}

function nodeConfiguration(cluster: ResolvedKafkaCluster, namespace: string): NodeConfiguration {
  const controllers = `${controllerName(cluster)}-${headlessSuffix}.${namespace}.svc`;
  return {
    paths: podPaths,
    controllers: Array.from(
      { length: cluster.controllers },
      (_, index) => `${controllerName(cluster)}-${index}.${controllers}`,
    ),
    brokers: cluster.brokers,
    brokerHost: `\${env:POD_NAME}.${brokerName(cluster)}-${headlessSuffix}.${namespace}.svc`,
    listenHost: "0.0.0.0",
    tls: cluster.tls !== undefined,
    authority: cluster.tls?.caCertificate === undefined ? "own" : "rendered",
    external: cluster.external !== undefined,
    settings: cluster.settings,
  };
}
