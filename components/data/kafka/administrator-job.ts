import * as pulumi from "@pulumi/pulumi";
import type { NetworkAddress } from "../../platform-services";
import type { JobWorkloadArgs } from "../../workload/job-workload";
import { configurationFiles, kafkaPorts, kafkaUsers, podPaths } from "./cluster-layout";
import { administratorScript, loggingProperties } from "./cluster-scripts";
import { clientFile, type KafkaNodeContext } from "./node-files";

/** Where the brokers are. */
export interface Brokers {
  readonly host: pulumi.Input<string>;
  readonly address: NetworkAddress;
}

/**
 * The Job that gives Kafka's administrator a later password. It logs in as the nodes do, so that it needs not know
 * which password the administrator has.
 */
export function administratorJob(context: KafkaNodeContext, { host, address }: Brokers): JobWorkloadArgs {
  const { cluster, passwords } = context;
  const script = pulumi
    .output(host)
    .apply((name) => administratorScript(podPaths, `${name}:${kafkaPorts.clients}`));
  const secrets = {
    [kafkaUsers.administrator]: passwords.administrator,
    [kafkaUsers.node]: passwords.node,
  };
  const authority = cluster.tls?.caCertificate;
  const certificates = cluster.tls && { certificates: { secret: cluster.tls.secretName } };
  return {
    namespace: cluster.namespace,
    name: `${cluster.name}-administrator`,
    app: { name: "kafka", component: "kafka-administrator" },
    defaults: cluster.defaults,
    egress: [address],
    volumes: {
      configuration: {
        files: {
          "administrator.sh": script,
          "client.properties": clientFile(context),
          "log4j2.properties": loggingProperties(),
          ...(authority !== undefined && { [configurationFiles.authority]: authority }),
        },
      },
      credentials: { secretFiles: secrets },
      // The password must not reach a disk.
      memory: { emptyDir: { sizeLimit: "1Mi", medium: "Memory" } },
      ...certificates,
    },
    containers: [
      {
        name: "kafka",
        image: cluster.image,
        command: ["sh", `${podPaths.configuration}/administrator.sh`],
        // Java's own memory comes on top of the heap.
        resources: { limits: { memory: "384Mi" } },
        mounts: [
          { volume: "configuration", path: podPaths.configuration },
          { volume: "credentials", path: podPaths.credentials },
          { volume: "memory", path: podPaths.memory },
          ...(certificates ? [{ volume: "certificates", path: podPaths.certificates }] : []),
        ],
      },
    ],
  };
}
