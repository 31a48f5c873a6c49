import { murmur2, type ClusterMetadata, type MessageRecord } from "@platformatic/kafka";
import { groupBy } from "./group-by";
import type { KafkaCluster } from "./kafka-cluster";
import type { OutgoingMessage } from "./outgoing-message";

/** A message with the partition that it goes to. */
export interface PlacedMessage extends MessageRecord {
  readonly partition: number;
}

/** Kafka bounds a batch, not a message, and puts what is sent to a partition at once into one batch. */
const batchBytes = 512 * 1024;

/** Where messages go: which partition, and which broker leads it. */
export class MessagePlacement {
  private roundRobin = 0;
  private isStale = false;

  constructor(private readonly cluster: Pick<KafkaCluster, "metadata">) {}

  /** Gives messages their partitions, as Kafka's own clients place a key. */
  async place(messages: readonly OutgoingMessage[]): Promise<readonly PlacedMessage[]> {
    const metadata = await this.metadata(messages);
    return messages.map(({ topic, key, value, headers }) => {
      const count = metadata.topics.get(topic)?.partitionsCount ?? 1;
      const partition = (key === null ? (this.roundRobin += 1) : murmur2(key) & 0x7fffffff) % count;
      return { topic, partition, value, headers: new Map(headers), ...(key === null ? {} : { key }) };
    });
  }

  /** Messages by the brokers that lead their partitions. */
  async byLeader(messages: readonly PlacedMessage[]): Promise<Map<number, PlacedMessage[]>> {
    const metadata = await this.metadata(messages);
    return groupBy(
      messages,
      ({ topic, partition }) => metadata.topics.get(topic)?.partitions[partition]?.leader ?? -1,
    );
  }

  /** A leader is elsewhere, or gone, or may be: it is asked for again. */
  forget(): void {
    this.isStale = true;
  }

  private async metadata(messages: readonly { readonly topic: string }[]): Promise<ClusterMetadata> {
    // By name: without names, a cluster tells of its brokers alone.
    const topics = [...new Set(messages.map(({ topic }) => topic))];
    const metadata = await this.cluster.metadata(topics, this.isStale);
    this.isStale = false;
    return metadata;
  }
}

/** Messages in their order, in parts each of which Kafka takes at once. */
export function* chunks(messages: readonly PlacedMessage[]): Generator<readonly PlacedMessage[]> {
  let chunk: PlacedMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value.length + (message.key?.length ?? 0) + 200;
    if (chunk.length > 0 && bytes + size > batchBytes) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(message);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
