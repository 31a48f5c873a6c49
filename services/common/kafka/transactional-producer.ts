import { setTimeout as sleep } from "node:timers/promises";
import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  murmur2,
  NumericMap,
  ProduceAcks,
  produceV9,
  txnOffsetCommitV3,
  type Connection,
  type MessageRecord,
} from "@platformatic/kafka";
import { groupBy } from "./group-by";
import type { Membership } from "./group-member";
import { byTopic, offsetTopics, type PartitionOffset } from "./group-offsets";
import type { KafkaCluster } from "./kafka-cluster";
import { coordinatorMoved, hasKafkaError, leaderMoved } from "./kafka-errors";
import type { OutgoingMessage } from "./outgoing-message";

/** What becomes visible together, or not at all. */
export interface TransactionContent {
  readonly messages: readonly OutgoingMessage[];
  readonly offsets: readonly PartitionOffset[];
  readonly membership: Membership;
}

/** Who a transactional producer is. */
export interface TransactionalProducerOptions {
  /** Its predecessor with the same name can commit nothing any more. */
  readonly transactionalId: string;
  /** After so long, brokers give up a transaction themselves. */
  readonly transactionTimeoutMs: number;
}

interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

interface PlacedMessage extends MessageRecord {
  readonly partition: number;
}

/** Kafka bounds a batch, not a message, and puts what is sent to a partition at once into one batch. */
const batchBytes = 512 * 1024;
/** Passes by itself, and nothing has been changed. */
const passing = [
  ...coordinatorMoved,
  ...leaderMoved,
  "CONCURRENT_TRANSACTIONS",
  "NOT_ENOUGH_REPLICAS",
  "NETWORK_EXCEPTION",
];

/**
 * Commits messages and positions of a consumer group together. A transaction is open only while it is committed, and
 * whatever fails, the next one begins with a new epoch: that ends what is open, and fences who goes on with it.
 */
export class TransactionalProducer {
  private identity: ProducerIdentity | undefined;
  private readonly sequences = new NumericMap();
  private roundRobin = 0;

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly options: TransactionalProducerOptions,
  ) {}

  /** Ends whatever an earlier transaction has left open: after this, it is committed or given up, and stays so. */
  async begin(signal: AbortSignal): Promise<void> {
    const { transactionalId, transactionTimeoutMs } = this.options;
    this.identity = undefined;
    for (;;) {
      signal.throwIfAborted();
      try {
        const connection = await this.coordinator();
        const { producerId, producerEpoch } = await initProducerIdV4.api.async(
          connection,
          transactionalId,
          transactionTimeoutMs,
          -1n,
          -1,
        );
        this.identity = { producerId, producerEpoch };
        this.sequences.clear();
        return;
      } catch (error) {
        if (!hasKafkaError(error, ...passing)) throw error;
        this.forgetIfMoved(error);
        await sleep(50, undefined, { signal });
      }
    }
  }

  /**
   * Commits. After an error, {@link begin} decides what became of it.
   *
   * @throws what Kafka refuses it with, or that the time of a transaction is over
   */
  async commit({ messages, offsets, membership }: TransactionContent, signal: AbortSignal): Promise<void> {
    const identity = this.identity;
    if (identity === undefined) throw new Error("a transaction needs to begin");
    this.identity = undefined;
    const deadline = Date.now() + this.options.transactionTimeoutMs;
    const placed = await this.place(messages);
    if (placed.length > 0) {
      await this.again(deadline, signal, () => this.addPartitions(identity, placed));
      await Promise.all(
        [...(await this.byLeader(placed))].map(([, ofLeader]) =>
          this.produceAll(identity, ofLeader, deadline, signal),
        ),
      );
    }
    await this.again(deadline, signal, () => this.addOffsets(identity, membership, offsets));
    await this.again(deadline, signal, () => this.end(identity));
    this.identity = identity;
  }

  private async place(messages: readonly OutgoingMessage[]): Promise<readonly PlacedMessage[]> {
    const metadata = await this.cluster.metadata([...new Set(messages.map(({ topic }) => topic))]);
    return messages.map(({ topic, key, value, headers }) => {
      const count = metadata.topics.get(topic)?.partitionsCount ?? 1;
      // As Kafka's own clients place a key.
      const partition = (key === null ? (this.roundRobin += 1) : murmur2(key) & 0x7fffffff) % count;
      return { topic, partition, value, headers: new Map(headers), ...(key === null ? {} : { key }) };
    });
  }

  private async byLeader(messages: readonly PlacedMessage[]): Promise<Map<number, PlacedMessage[]>> {
    const metadata = await this.cluster.metadata([...new Set(messages.map(({ topic }) => topic))]);
    return groupBy(
      messages,
      ({ topic, partition }) => metadata.topics.get(topic)?.partitions[partition]?.leader ?? -1,
    );
  }

  private async addPartitions(
    { producerId, producerEpoch }: ProducerIdentity,
    placed: readonly PlacedMessage[],
  ) {
    const { transactionalId } = this.options;
    const distinct = [...new Map(placed.map((each) => [`${each.topic} ${each.partition}`, each])).values()];
    // Version 3: later ones are for brokers, which need a right that no component has.
    await addPartitionsToTxnV3.api.async(await this.coordinator(), [
      {
        transactionalId,
        producerId,
        producerEpoch,
        verifyOnly: false,
        topics: byTopic(distinct, ({ partition }) => partition),
      },
    ]);
  }

  private async produceAll(
    identity: ProducerIdentity,
    messages: readonly PlacedMessage[],
    deadline: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (const chunk of chunks(messages)) {
      await this.again(deadline, signal, () => this.produce(identity, chunk, deadline));
      for (const { topic, partition } of chunk) this.sequences.postIncrement(`${topic}:${partition}`, 1, 0);
    }
  }

  private async produce(
    identity: ProducerIdentity,
    chunk: readonly PlacedMessage[],
    deadline: number,
  ): Promise<void> {
    const { transactionalId } = this.options;
    const timeout = Math.max(deadline - Date.now(), 1);
    // All of a chunk had one leader; after it has moved, they may have several.
    for (const [leader, messages] of await this.byLeader(chunk)) {
      const connection = await this.cluster.connection(leader);
      await produceV9.api.async(connection, ProduceAcks.ALL, timeout, messages, {
        ...identity,
        transactionalId,
        compression: "none",
        sequences: this.sequences,
      });
    }
  }

  private async addOffsets(
    { producerId, producerEpoch }: ProducerIdentity,
    { groupId, generation, memberId, instanceId }: Membership,
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    const { transactionalId } = this.options;
    await addOffsetsToTxnV3.api.async(
      await this.coordinator(),
      transactionalId,
      producerId,
      producerEpoch,
      groupId,
    );
    try {
      await txnOffsetCommitV3.api.async(
        await this.cluster.coordinator("group", groupId),
        transactionalId,
        groupId,
        producerId,
        producerEpoch,
        generation,
        memberId,
        instanceId,
        offsetTopics(offsets),
      );
    } catch (error) {
      this.cluster.forgetCoordinator("group", groupId);
      throw error;
    }
  }

  private async end({ producerId, producerEpoch }: ProducerIdentity): Promise<void> {
    await endTxnV3.api.async(
      await this.coordinator(),
      this.options.transactionalId,
      producerId,
      producerEpoch,
      true,
    );
  }

  /** Does something again as long as what is in its way passes by itself, and the transaction is not too old. */
  private async again(deadline: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
      try {
        await work();
        return;
      } catch (error) {
        this.forgetIfMoved(error);
        if (hasKafkaError(error, ...leaderMoved)) await this.cluster.metadata([], true);
        if (!hasKafkaError(error, ...passing) || Date.now() + wait > deadline) throw error;
        await sleep(wait, undefined, { signal });
      }
    }
  }

  private async coordinator(): Promise<Connection> {
    return await this.cluster.coordinator("transaction", this.options.transactionalId);
  }

  private forgetIfMoved(error: unknown): void {
    if (hasKafkaError(error, "CONCURRENT_TRANSACTIONS")) return;
    this.cluster.forgetCoordinator("transaction", this.options.transactionalId);
  }
}

function* chunks(messages: readonly PlacedMessage[]): Generator<readonly PlacedMessage[]> {
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
