import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { IdentityPlan } from "../../pipelines/model/plan/plan";
import { administer, createUser, grant, type KafkaLogin } from "../software/kafka-client";
import {
  isReady,
  passwords,
  restartNode,
  startNode,
  type CertificateFiles,
  type TestCluster,
  type TestNode,
} from "../software/kafka-nodes";
import { eventually, type ProcessGroup } from "../software/process-group";

/** A message as Kafka's own console consumer prints it. */
export interface ConsumedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string;
  readonly value: string;
}

const run = promisify(execFile);
const password = "serviceSecret04";
const separator = "<|>";

/** What a cluster is made from, where it isn't the smallest. */
export interface TestKafkaOptions {
  /** @default 1 */
  readonly brokers?: number;
  /** For the addresses of all nodes. @default connections are not encrypted */
  readonly certificates?: CertificateFiles;
}

/** A Kafka of one controller that lets in whom it knows, as `KafkaCluster` renders it. */
export class TestKafka {
  private constructor(
    private readonly group: ProcessGroup,
    private readonly cluster: TestCluster,
    private readonly java: string,
    private readonly brokers: TestNode[],
  ) {}

  /** @param network - loopback network of its own, such as `127.0.31` */
  static async start(
    group: ProcessGroup,
    folder: string,
    network: string,
    { brokers: count = 1, certificates }: TestKafkaOptions = {},
  ): Promise<TestKafka> {
    const { java, kafka } = await resolveTools(["java", "kafka"]);
    mkdirSync(folder, { recursive: true });
    const cluster: TestCluster = {
      folder,
      libraries: kafka.path,
      controllers: 1,
      brokers: count,
      network,
      ...(certificates && { certificates }),
    };
    const controller = startNode(group, cluster, "controller", 0);
    const brokers = Array.from({ length: count }, (_, index) => startNode(group, cluster, "broker", index));
    for (const node of [controller, ...brokers]) await ready(node);
    return new TestKafka(group, cluster, java.path, brokers);
  }

  /** `host:port` of each broker, with commas between them. */
  get address(): string {
    return this.brokers.map(({ host }) => `${host}:9092`).join(",");
  }

  private get administrator(): KafkaLogin {
    const brokers = this.address.split(",");
    const caCertificate = this.cluster.certificates?.["ca.crt"];
    return {
      brokers,
      username: "admin",
      password: passwords.admin,
      ...(caCertificate !== undefined && { caCertificate }),
    };
  }

  /** Makes topics, with a copy on each broker. */
  async createTopics(topics: readonly string[], partitions: number): Promise<void> {
    await administer(this.administrator, (admin) =>
      admin.createTopics({ topics: [...topics], partitions, replicas: this.brokers.length }),
    );
  }

  async deleteTopic(topic: string): Promise<void> {
    await administer(this.administrator, (admin) => admin.deleteTopics({ topics: [topic] }));
  }

  /** Makes a user who may do what a plan says, and nothing else. @returns the pod's environment */
  async createUser(identity: IdentityPlan): Promise<Readonly<Record<string, string>>> {
    const { username } = identity;
    const { folder, libraries } = this.cluster;
    await createUser(this.administrator, { username, password }, { libraries, folder, java: this.java });
    await grant(this.administrator, username, identity);
    return {
      KAFKA_BROKERS: this.address,
      ...this.encryption,
      KAFKA_AUTH_TYPE: "scram-sha-512",
      KAFKA_AUTH_USERNAME: username,
      KAFKA_AUTH_PASSWORD: password,
    };
  }

  async stopBroker(signal: NodeJS.Signals = "SIGTERM", index = 0): Promise<void> {
    await this.brokers[index]?.program.stop(signal);
  }

  /** Has a broker hang, with its connections open, or go on. */
  signalBroker(signal: "SIGSTOP" | "SIGCONT", index = 0): void {
    this.brokers[index]?.program.signal(signal);
  }

  async startBroker(index = 0): Promise<void> {
    const broker = restartNode(this.group, this.cluster, { role: "broker", index });
    this.brokers[index] = broker;
    await ready(broker);
  }

  private get encryption(): Readonly<Record<string, string>> {
    const authority = this.cluster.certificates?.["ca.crt"];
    if (authority === undefined) return { KAFKA_TLS: "false" };
    const file = join(this.cluster.folder, "ca.crt");
    writeFileSync(file, authority);
    return { KAFKA_TLS: "true", KAFKA_TLS_CA_LOCATION: file };
  }

  private get consumersEncryption(): readonly string[] {
    const file = this.encryption["KAFKA_TLS_CA_LOCATION"];
    if (file === undefined) return ["security.protocol=SASL_PLAINTEXT"];
    return [
      "security.protocol=SASL_SSL",
      "ssl.truststore.type=PEM",
      `ssl.truststore.location=${file}`,
      "ssl.endpoint.identification.algorithm=https",
    ];
  }

  /** How many messages were ever written to some topics. */
  async countIn(...topics: readonly string[]): Promise<number> {
    return await administer(this.administrator, async (admin) => {
      const { topics: known } = await admin.metadata({ topics: [...topics] });
      const wanted = [...known].map(([name, { partitionsCount }]) => ({
        name,
        partitions: Array.from({ length: partitionsCount }, (_, partitionIndex) => ({
          partitionIndex,
          timestamp: -1n,
        })),
      }));
      const offsets = await admin.listOffsets({ topics: wanted });
      return offsets
        .flatMap(({ partitions }) => partitions)
        .reduce((sum, { offset }) => sum + Number(offset), 0);
    });
  }

  /** All that is in some topics, as Kafka's own consumer reads it. */
  async messagesIn(...topics: readonly string[]): Promise<readonly ConsumedMessage[]> {
    const count = await this.countIn(...topics);
    if (count === 0) return [];
    const settings = join(this.cluster.folder, "consumer.properties");
    writeFileSync(
      settings,
      [
        ...this.consumersEncryption,
        "sasl.mechanism=SCRAM-SHA-512",
        `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="${passwords.admin}";`,
        "isolation.level=read_committed",
      ].join("\n"),
    );
    const tool = [
      "-Xmx256m",
      "-cp",
      join(this.cluster.libraries, "*"),
      "org.apache.kafka.tools.consumer.ConsoleConsumer",
    ];
    const target = ["--bootstrap-server", this.address, "--command-config", settings];
    const shown = [
      "print.headers=true",
      "print.key=true",
      `key.separator=${separator}`,
      `headers.separator=;;`,
    ];
    const options = [
      "--include",
      topics.join("|"),
      "--from-beginning",
      "--max-messages",
      String(count),
      "--timeout-ms",
      "60000",
    ];
    const formats = shown.flatMap((format) => ["--formatter-property", format]);
    const { stdout } = await run(this.java, [...tool, ...target, ...options, ...formats], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout
      .split("\n")
      .filter((line) => line.includes(separator))
      .map(readLine);
  }
}

async function ready(node: TestNode): Promise<void> {
  await eventually("Kafka's port", () => isReady(node), { program: node.program, seconds: 600 });
}

function readLine(line: string): ConsumedMessage {
  const [headers = "", key = "", value = ""] = line.split(separator);
  const pairs = headers.split(";;").map((pair) => {
    const colon = pair.indexOf(":");
    return [pair.slice(0, colon), pair.slice(colon + 1)] as const;
  });
  return { headers: Object.fromEntries(pairs), key, value };
}
