import {
  CommittedReader,
  decodeHeaders,
  errorText,
  type FetchedMessage,
  type MessageHeaders,
} from "@algorun/common";
import { Admin } from "@platformatic/kafka";
import type { Connections } from "../config/connections-schema";
import { UserError } from "../local/user-error";

/** What has passed a topic since the watch began. */
export interface TopicCount {
  readonly topic: string;
  readonly messages: number;
  /** Messages in a second, since the last look. */
  readonly rate: number;
  /** Messages that each group has not finished, by its name. */
  readonly lag: Readonly<Record<string, number>>;
}

/** Reads along in topics, as the administrator: only what is committed counts. */
export class TopicWatch {
  private readonly admin: Admin;
  private readonly reader: CommittedReader;
  /** Offsets that were seen, by topic and partition. */
  private readonly seen = new Map<string, Map<number, bigint[]>>();
  private refusal: Error | undefined;
  private lookedAt = performance.now();
  private before = new Map<string, number>();
  /** Offsets that groups have committed, by group, topic and partition. */
  private finished: ReadonlyMap<string, bigint> = new Map();

  constructor(
    kafka: Connections["kafka"],
    private readonly topics: readonly string[],
    private readonly groups: Readonly<Record<string, readonly string[]>>,
    private readonly onMessage: (topic: string, headers: MessageHeaders) => void,
  ) {
    const connection = {
      clientId: "algorun-demo",
      bootstrapBrokers: [...kafka.bootstrapServers],
      connectTimeout: 5_000,
      requestTimeout: 20_000,
      sasl: { mechanism: "SCRAM-SHA-512" as const, username: kafka.username, password: kafka.password },
      tls: { ca: kafka.caCertificate },
    };
    this.admin = new Admin(connection);
    // A connection that fails twice would end the process.
    this.admin.connections.on("connecting", ({ connection: each }) => {
      each.on("error", () => undefined);
    });
    this.reader = new CommittedReader(connection, (error) => {
      this.refusal = error;
    });
  }

  /** Returns when every message from now on is seen. */
  async start(): Promise<void> {
    await this.reader.read(this.topics, "end", (messages) => {
      for (const message of messages) this.count(message);
    });
  }

  /**
   * Counts anew; while Kafka does not answer, what was finished is as it was.
   *
   * @throws UserError when Kafka refuses to be read
   */
  async look(): Promise<readonly TopicCount[]> {
    if (this.refusal !== undefined)
      throw new UserError(`Kafka lets the demo read along no more: ${errorText(this.refusal)}`);
    this.finished = await this.committed().catch(() => this.finished);
    const { finished } = this;
    const seconds = Math.max((performance.now() - this.lookedAt) / 1000, 0.001);
    this.lookedAt = performance.now();
    const counts = this.topics.map((topic) => {
      const partitions = [...(this.seen.get(topic) ?? [])];
      const messages = partitions.reduce((sum, [, offsets]) => sum + offsets.length, 0);
      const readers = Object.entries(this.groups).filter(([, topics]) => topics.includes(topic));
      const lag = readers.map(([group]) => {
        const waiting = partitions.map(([partition, offsets]) => {
          const next = finished.get(JSON.stringify([group, topic, partition])) ?? 0n;
          return offsets.filter((offset) => offset >= next).length;
        });
        return [group, waiting.reduce((sum, each) => sum + each, 0)] as const;
      });
      const rate = (messages - (this.before.get(topic) ?? 0)) / seconds;
      return { topic, messages, rate, lag: Object.fromEntries(lag) };
    });
    this.before = new Map(counts.map(({ topic, messages }) => [topic, messages]));
    return counts;
  }

  private count({ topic, partition, offset, headers }: FetchedMessage): void {
    const partitions = this.seen.get(topic) ?? new Map<number, bigint[]>();
    const offsets = partitions.get(partition) ?? [];
    offsets.push(offset);
    this.seen.set(topic, partitions.set(partition, offsets));
    this.onMessage(topic, decodeHeaders(headers));
  }

  private async committed(): Promise<ReadonlyMap<string, bigint>> {
    const groups = Object.keys(this.groups);
    if (groups.length === 0) return new Map();
    const listed = await this.admin.listConsumerGroupOffsets({ groups });
    return new Map(
      listed.flatMap(({ groupId, topics }) =>
        topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, committedOffset }) => [
            JSON.stringify([groupId, name, partitionIndex]),
            committedOffset,
          ]),
        ),
      ),
    );
  }

  async stop(): Promise<void> {
    await Promise.all([this.reader.close(), this.admin.close()]);
  }
}
