import { Producer } from "@platformatic/kafka";
import type { KafkaConnectionOptions, Logger } from "@algorun/common";
import type { ProducerParams } from "../configuration/producer-params";
import { BatchRequests } from "./batch-requests";
import { PartitionLane } from "./partition-lane";
import { partitionerOf, type Partitioner } from "./partitioner";
import { messageBytes, type PipelineMessage } from "./pipeline-message";
import { deferred } from "./deferred";
import { pause } from "./pause";

/** Told about each request to Kafka. */
export interface ProducerObserver {
  readonly succeeded: (seconds: number) => void;
  /** Kafka does not answer, or not as it should. */
  readonly failed: () => void;
  /** Kafka answers, and takes nothing for one topic. */
  readonly refused: () => void;
}

interface TopicState {
  partitions: number;
  readAt: number;
  readonly lanes: Map<number, PartitionLane>;
  /** Messages that wait for the topic's partitions to be known go one after the other, so that they keep their order. */
  tail: Promise<void>;
  waiting: number;
}

/**
 * Brings messages into Kafka, in order for each partition, and repeats a batch unchanged until Kafka confirms it: so
 * Kafka knows a repetition by its sequence and writes it once, however long it was away.
 */
export class KafkaProducer {
  private readonly producer: Producer;
  private readonly partitionOf: Partitioner;
  private readonly topics = new Map<string, TopicState>();
  private readonly requests: BatchRequests;
  private bytes = 0;
  private closed = false;

  constructor(
    connection: KafkaConnectionOptions,
    private readonly params: ProducerParams,
    observer: ProducerObserver,
    private readonly logger: Logger,
  ) {
    this.partitionOf = partitionerOf(params.partitioner);
    this.producer = new Producer({
      ...connection,
      clientId: params.clientId ?? connection.clientId,
      connectTimeout: params.connectTimeoutMs,
      requestTimeout: params.requestTimeoutMs,
      timeout: params.requestTimeoutMs,
      acks: params.acks,
      idempotent: params.idempotent,
      compression: params.compression,
      autocreateTopics: false,
      metadataMaxAge: params.metadataMaxAgeMs,
      // One is taken for "for ever"; the lanes repeat by themselves.
      retries: 2,
      retryDelay: params.retryBackOffMs,
    });
    this.requests = new BatchRequests(this.producer, params, observer, logger);
  }

  /** Bytes of messages that Kafka has not confirmed. */
  get pendingBytes(): number {
    return this.bytes;
  }

  /** Whether Kafka takes nothing for a topic, of which some messages wait here, while it may well take those of others. */
  refuses(topic: string): boolean {
    return this.requests.refuses(topic);
  }

  /** Resolves once Kafka has the message, however long that takes; never when the producer is closed before. */
  async send(message: PipelineMessage): Promise<void> {
    const bytes = messageBytes(message);
    this.bytes += bytes;
    try {
      await this.enqueue(message);
    } finally {
      this.bytes -= bytes;
    }
  }

  private async enqueue(message: PipelineMessage): Promise<void> {
    const state = this.topicState(message.topic);
    if (state.waiting === 0 && !this.isOutdated(state)) {
      await this.laneOf(state, message).send(message);
      return;
    }
    state.waiting += 1;
    const { promise, resolve } = deferred();
    state.tail = state.tail.then(async () => {
      await this.readPartitions(message.topic, state);
      state.waiting -= 1;
      if (!this.closed) void this.laneOf(state, message).send(message).then(resolve);
    });
    await promise;
  }

  /** Fails when Kafka does not answer. */
  async check(): Promise<void> {
    await this.producer.metadata({ topics: [], autocreateTopics: false, forceUpdate: true });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.requests.close();
    for (const { lanes } of this.topics.values()) for (const lane of lanes.values()) lane.close();
    const closed: Promise<void> = this.producer.close();
    await closed;
  }

  private topicState(topic: string): TopicState {
    const known = this.topics.get(topic);
    if (known !== undefined) return known;
    const state: TopicState = {
      partitions: 0,
      readAt: 0,
      lanes: new Map(),
      tail: Promise.resolve(),
      waiting: 0,
    };
    this.topics.set(topic, state);
    return state;
  }

  private isOutdated({ readAt }: TopicState): boolean {
    return Date.now() - readAt > this.params.metadataMaxAgeMs;
  }

  private async readPartitions(topic: string, state: TopicState): Promise<void> {
    for (let attempt = 0; this.isOutdated(state) && !this.closed; attempt += 1) {
      try {
        const metadata = await this.producer.metadata({ topics: [topic], autocreateTopics: false });
        state.partitions = metadata.topics.get(topic)?.partitionsCount ?? 0;
        if (state.partitions === 0) throw new Error(`Kafka knows no partitions of ${topic}`);
        state.readAt = Date.now();
      } catch (error) {
        this.requests.wasNotTaken(error, topic);
        if (attempt === 0) this.logger.warn({ err: error, topic }, "Kafka does not say where a topic is");
        if (state.partitions > 0) {
          // What was known is better than nothing: partitions are never taken away.
          state.readAt = Date.now();
          return;
        }
        await pause(attempt, this.params);
      }
    }
  }

  private laneOf(state: TopicState, message: PipelineMessage): PartitionLane {
    const partition = this.partitionOf(message.key, state.partitions);
    const known = state.lanes.get(partition);
    if (known !== undefined) return known;
    const lane = new PartitionLane(partition, this.requests, this.params, this.logger);
    state.lanes.set(partition, lane);
    return lane;
  }
}
