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

/** A Kafka of one controller and one broker that lets in whom it knows, as `KafkaCluster` renders it. */
export class TestKafka {
  private constructor(
    private readonly group: ProcessGroup,
    private readonly cluster: TestCluster,
    private readonly java: string,
    private broker: TestNode,
  ) {}

  /** @param network - loopback network of its own, such as `127.0.31` */
  static async start(group: ProcessGroup, folder: string, network: string): Promise<TestKafka> {
    const { java, kafka } = await resolveTools(["java", "kafka"]);
    mkdirSync(folder, { recursive: true });
    const cluster: TestCluster = { folder, libraries: kafka.path, controllers: 1, brokers: 1, network };
    const nodes = [
      startNode(group, cluster, "controller", 0),
      startNode(group, cluster, "broker", 0),
    ] as const;
    for (const node of nodes) await ready(node);
    return new TestKafka(group, cluster, java.path, nodes[1]);
  }

  get address(): string {
    return `${this.cluster.network}.20:9092`;
  }

  private get administrator(): KafkaLogin {
    return { brokers: [this.address], username: "admin", password: passwords.admin };
  }

  async createTopics(topics: readonly string[], partitions: number): Promise<void> {
    await administer(this.administrator, (admin) =>
      admin.createTopics({ topics: [...topics], partitions, replicas: 1 }),
    );
  }

  /** Makes a user who may do what a plan says, and nothing else. @returns the pod's environment */
  async createUser(identity: IdentityPlan): Promise<Readonly<Record<string, string>>> {
    const { username } = identity;
    const { folder, libraries } = this.cluster;
    await createUser(this.administrator, { username, password }, { libraries, folder, java: this.java });
    await grant(this.administrator, username, identity);
    return {
      KAFKA_BROKERS: this.address,
      KAFKA_TLS: "false",
      KAFKA_AUTH_TYPE: "scram-sha-512",
      KAFKA_AUTH_USERNAME: username,
      KAFKA_AUTH_PASSWORD: password,
    };
  }

  async stopBroker(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.broker.program.stop(signal);
  }

  async startBroker(): Promise<void> {
    this.broker = restartNode(this.group, this.cluster, this.broker);
    await ready(this.broker);
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
        "security.protocol=SASL_PLAINTEXT",
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
  await eventually("Kafka's port", () => isReady(node), { program: node.program, seconds: 240 });
}

function readLine(line: string): ConsumedMessage {
  const [headers = "", key = "", value = ""] = line.split(separator);
  const pairs = headers.split(";;").map((pair) => {
    const colon = pair.indexOf(":");
    return [pair.slice(0, colon), pair.slice(colon + 1)] as const;
  });
  return { headers: Object.fromEntries(pairs), key, value };
}
