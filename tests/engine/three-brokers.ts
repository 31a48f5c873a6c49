import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connections } from "../../config/connections-schema";
import { resolveTools } from "../../local/toolchain/toolchain";
import {
  isReady,
  passwords,
  startNode,
  type CertificateFiles,
  type TestCluster,
} from "../software/kafka-nodes";
import { eventually, ProcessGroup } from "../software/process-group";

/** A Kafka of one controller and three brokers, started from what `KafkaCluster` renders. */
export interface ThreeBrokers {
  /** How it is administered. */
  readonly connection: Connections["kafka"];
  stop(): Promise<void>;
}

const network = "127.0.18";

/**
 * Starts a Kafka that can keep three copies of a topic.
 *
 * @param certify - gives a certificate for addresses
 */
export async function startThreeBrokers(
  certify: (addresses: readonly string[]) => Promise<CertificateFiles>,
): Promise<ThreeBrokers> {
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-three-"));
  const { kafka } = await resolveTools(["java", "kafka"]);
  const hosts = [0, 1, 2].map((index) => `${network}.2${index}`);
  const certificates = await certify([`${network}.10`, ...hosts]);
  const cluster: TestCluster = {
    folder,
    libraries: kafka.path,
    controllers: 1,
    brokers: 3,
    network,
    certificates,
  };
  const nodes = [
    startNode(group, cluster, "controller", 0),
    ...hosts.map((_, index) => startNode(group, cluster, "broker", index)),
  ];
  for (const node of nodes)
    await eventually("a port", () => isReady(node), { program: node.program, seconds: 240 });
  return {
    connection: {
      bootstrapServers: hosts.map((host) => `${host}:9092`),
      username: "admin",
      password: passwords.admin,
      caCertificate: certificates["ca.crt"],
    },
    stop: async () => {
      await group.stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
