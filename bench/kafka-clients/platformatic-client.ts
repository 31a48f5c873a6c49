import { setTimeout as sleep } from "node:timers/promises";
import {
  commitOffsets,
  createLogger,
  GroupConsumer,
  KafkaCluster,
  TransactionalProducer,
  type Logger,
  type MessageHandler,
} from "@algorun/common";
import { Producer } from "@platformatic/kafka";
import type { KafkaLogin } from "../../tests/software/kafka-client";
import type { ClientUnderTest, CopyOrder, Open, TestProducer } from "./client-under-test";

const transactionTimeoutMs = 10_000;

function connectionOf({ brokers, username = "", password = "" }: KafkaLogin) {
  return {
    clientId: "bench",
    bootstrapBrokers: [...brokers],
    connectTimeout: 5_000,
    requestTimeout: 30_000,
    sasl: { mechanism: "SCRAM-SHA-512" as const, username, password },
  };
}

function silence(): Logger {
  const logger = createLogger({ deployment: "", pipeline: "", component: "bench", instance: "" });
  logger.level = "silent";
  return logger;
}

/** The client that the services use: the library's producer, and the groups and transactions of services/common. */
export class PlatformaticClient implements ClientUnderTest {
  constructor(private readonly login: KafkaLogin) {}

  producer(topic: string): Promise<TestProducer> {
    const producer = new Producer({ ...connectionOf(this.login), idempotent: true, retries: 5 });
    return Promise.resolve({
      send: async (messages) => {
        await producer.send({
          acks: -1,
          messages: messages.map(({ key, value }) => ({
            topic,
            key: Buffer.from(key),
            value: Buffer.from(value),
          })),
        });
      },
      close: () => producer.close(),
    });
  }

  read(topic: string, groupId: string, onMessages: (count: number) => void): Promise<Open> {
    const cluster = new KafkaCluster(connectionOf(this.login));
    const handler: MessageHandler = {
      work: () => {
        onMessages(1);
        return Promise.resolve([]);
      },
      commit: async ({ offsets, membership }) => {
        await commitOffsets(cluster, membership, offsets);
      },
      settle: () => Promise.resolve(),
      refused: () => undefined,
    };
    return Promise.resolve(this.consume(cluster, { groupId, instanceId: null, topic }, handler));
  }

  async copy({ group, member, from, to }: CopyOrder): Promise<Open> {
    const cluster = new KafkaCluster(connectionOf(this.login));
    const producer = new TransactionalProducer(cluster, {
      transactionalId: `${group}.${member}`,
      transactionTimeoutMs,
    });
    await producer.begin(AbortSignal.timeout(60_000));
    const handler: MessageHandler = {
      work: ({ key, value }) =>
        Promise.resolve([{ topic: to, key, value: value ?? Buffer.alloc(0), headers: new Map() }]),
      commit: (batch) => producer.commit(batch),
      settle: (signal) => producer.begin(signal),
      refused: () => undefined,
    };
    return this.consume(cluster, { groupId: group, instanceId: member, topic: from }, handler);
  }

  private consume(
    cluster: KafkaCluster,
    { groupId, instanceId, topic }: { groupId: string; instanceId: string | null; topic: string },
    handler: MessageHandler,
  ): Open {
    const consumer = new GroupConsumer(
      cluster,
      {
        group: { groupId, instanceId, topics: [topic], sessionTimeoutMs: 6_000 },
        limits: { concurrency: 200, maxUncommitted: 2_000, maxBytes: 8 * 2 ** 20 },
      },
      handler,
      silence(),
    );
    const running = consumer.run();
    return {
      close: async () => {
        await Promise.race([consumer.close(), sleep(10_000)]);
        await cluster.close();
        await running.catch(() => undefined);
      },
    };
  }
}
