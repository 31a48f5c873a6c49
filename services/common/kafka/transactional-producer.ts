import { setTimeout as sleep } from "node:timers/promises";
import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  NumericMap,
  ProduceAcks,
  produceV9,
  txnOffsetCommitV3,
  type Connection,
  type ConnectionPool,
} from "@platformatic/kafka";
import type { Membership } from "./group-member";
import { byTopic, offsetTopics, type PartitionOffset } from "./group-offsets";
import type { KafkaCluster } from "./kafka-cluster";
import { chunks, MessagePlacement, type PlacedMessage } from "./message-placement";
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

/** Where brokers are, and what is where. */
export type Brokers = Pick<
  KafkaCluster,
  "metadata" | "connection" | "coordinator" | "forgetCoordinator" | "pool"
>;

interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

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
  private readonly placement: MessagePlacement;
  /** A broker answers one request of a connection after the other: messages go by other connections. */
  private readonly coordinators: ConnectionPool;

  constructor(
    private readonly cluster: Brokers,
    private readonly options: TransactionalProducerOptions,
  ) {
    this.placement = new MessagePlacement(cluster);
    this.coordinators = cluster.pool();
  }

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
  async commit({ messages, offsets, membership }: TransactionContent): Promise<void> {
    const identity = this.identity;
    if (identity === undefined) throw new Error("a transaction needs to begin");
    this.identity = undefined;
    const deadline = Date.now() + this.options.transactionTimeoutMs;
    try {
      const placed = messages.length === 0 ? [] : await this.placement.place(messages);
      if (placed.length > 0) await this.again(deadline, () => this.addPartitions(identity, placed));
      await bothDone(
        this.write(identity, placed, deadline),
        this.again(deadline, () => this.addOffsets(identity, membership)),
      );
      // Not beside the messages. A broker has what it takes for a transaction checked by its coordinator, and gives up one
      // check for the next of the same transaction: it then answers NETWORK_EXCEPTION to what came first.
      await this.again(deadline, () => this.commitOffsets(identity, membership, offsets));
      await this.again(deadline, () => this.end(identity));
    } catch (error) {
      this.placement.forget();
      throw error;
    }
    this.identity = identity;
  }

  private async write(
    identity: ProducerIdentity,
    placed: readonly PlacedMessage[],
    deadline: number,
  ): Promise<void> {
    if (placed.length === 0) return;
    const byLeader = await this.placement.byLeader(placed);
    await Promise.all(
      [...byLeader.values()].map((ofLeader) => this.produceAll(identity, ofLeader, deadline)),
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
  ): Promise<void> {
    for (const chunk of chunks(messages)) {
      await this.again(deadline, () => this.produce(identity, chunk, deadline));
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
    for (const [leader, messages] of await this.placement.byLeader(chunk)) {
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
    { groupId }: Membership,
  ): Promise<void> {
    const { transactionalId } = this.options;
    const coordinator = await this.coordinator();
    await addOffsetsToTxnV3.api.async(coordinator, transactionalId, producerId, producerEpoch, groupId);
  }

  private async commitOffsets(
    { producerId, producerEpoch }: ProducerIdentity,
    { groupId, generation, memberId, instanceId }: Membership,
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    const { transactionalId } = this.options;
    try {
      await txnOffsetCommitV3.api.async(
        await this.cluster.coordinator("group", groupId, this.coordinators),
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
  private async again(deadline: number, work: () => Promise<void>): Promise<void> {
    for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
      try {
        await work();
        return;
      } catch (error) {
        this.forgetIfMoved(error);
        if (hasKafkaError(error, ...leaderMoved)) this.placement.forget();
        if (!hasKafkaError(error, ...passing) || Date.now() + wait > deadline) throw error;
        await sleep(wait);
      }
    }
  }

  private async coordinator(): Promise<Connection> {
    return await this.cluster.coordinator("transaction", this.options.transactionalId, this.coordinators);
  }

  private forgetIfMoved(error: unknown): void {
    if (hasKafkaError(error, "CONCURRENT_TRANSACTIONS")) return;
    this.cluster.forgetCoordinator("transaction", this.options.transactionalId);
  }
}

/** Resolves when both have; fails with the first failure, once both have ended. */
async function bothDone(...works: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(works))
    if (outcome.status === "rejected") throw outcome.reason;
}
