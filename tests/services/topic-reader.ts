import {
  CommittedReader,
  decodeHeaders,
  type FetchedMessage,
  type KafkaConnectionOptions,
  type MessageHeaders,
} from "@algorun/common";
import { Producer } from "@platformatic/kafka";
import type { KafkaLogin } from "../software/kafka-client";

/** A message that a reader of committed messages sees. */
export interface SeenMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: MessageHeaders;
  readonly partition: number;
  readonly offset: bigint;
}

/** A message that a test writes. */
export interface SentMessage {
  readonly key: string;
  readonly value: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a test connects to Kafka. */
export function connectionOf({ brokers, username = "", password = "" }: KafkaLogin): KafkaConnectionOptions {
  return {
    clientId: "test",
    bootstrapBrokers: [...brokers],
    connectTimeout: 5_000,
    requestTimeout: 20_000,
    sasl: { mechanism: "SCRAM-SHA-512", username, password },
  };
}

/** Writes messages, all acknowledged; messages of a key are in one partition. */
export async function writeMessages(
  login: KafkaLogin,
  topic: string,
  messages: readonly SentMessage[],
): Promise<void> {
  const producer = new Producer({ ...connectionOf(login), idempotent: true, retries: 20, retryDelay: 300 });
  // A connection that fails twice would end the process.
  producer.connections.on("connecting", ({ connection }) => {
    connection.on("error", () => undefined);
  });
  try {
    for (let from = 0; from < messages.length; from += 500) {
      await producer.send({
        messages: messages.slice(from, from + 500).map(({ key, value, headers = {} }) => ({
          topic,
          key: Buffer.from(key),
          value: Buffer.from(value),
          headers: new Map(
            Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
          ),
        })),
      });
    }
  } finally {
    await producer.close();
  }
}

/** Keeps what is committed in a topic, from its beginning on, for as long as it is open. */
export class TopicReader {
  readonly messages: SeenMessage[] = [];
  private readonly reader: CommittedReader;

  constructor(
    login: KafkaLogin,
    private readonly topic: string,
  ) {
    this.reader = new CommittedReader(connectionOf(login), (error) => {
      throw error;
    });
  }

  async start(): Promise<this> {
    await this.reader.read([this.topic], "beginning", (messages) =>
      this.messages.push(...messages.map(seen)),
    );
    return this;
  }

  async close(): Promise<void> {
    await this.reader.close();
  }

  /** How often each value was seen. */
  get counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { value } of this.messages) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }
}

function seen({ key, value, headers, partition, offset }: FetchedMessage): SeenMessage {
  return {
    key: key?.toString() ?? "",
    value: value?.toString() ?? "",
    headers: decodeHeaders(headers),
    partition,
    offset,
  };
}
