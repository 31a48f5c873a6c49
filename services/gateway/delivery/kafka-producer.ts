import { Producer } from "@platformatic/kafka";
import { errorText, hasKafkaError, type KafkaConnectionOptions, type Logger } from "@algorun/common";
import type { ProducerParams } from "../configuration/producer-params";
import { PartitionLane, type BatchSender } from "./partition-lane";
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

/** A sequence is a number of 31 bits, and the library counts on: begun anew long before that, with a new producer id. */
const mostInSequence = 2 ** 30;

/** The broker and this client no longer agree on what was sent: all begins anew, with a new producer id. */
const lostSequences = [
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "DUPLICATE_SEQUENCE_NUMBER",
  "INVALID_PRODUCER_EPOCH",
  "INVALID_PRODUCER_ID_MAPPING",
  "PRODUCER_FENCED",
  "UNKNOWN_PRODUCER_ID",
] as const;

/**
 * Brings messages into Kafka, in order for each partition, and repeats a batch unchanged until Kafka confirms it: so
 * Kafka knows a repetition by its sequence and writes it once, however long it was away.
 */
export class KafkaProducer implements BatchSender {
  private readonly producer: Producer;
  private readonly partitionOf: Partitioner;
  private readonly topics = new Map<string, TopicState>();
  private requests = 0;
  private sinceReset = 0;
  private resetting: Promise<void> | undefined;
  private idle: (() => void)[] = [];
  private readonly refused = new Set<string>();
  private bytes = 0;
  private closed = false;

  constructor(
    connection: KafkaConnectionOptions,
    private readonly params: ProducerParams,
    private readonly observer: ProducerObserver,
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
  }

  /** Bytes of messages that Kafka has not confirmed. */
  get pendingBytes(): number {
    return this.bytes;
  }

  /** Whether Kafka takes nothing for a topic, of which some messages wait here, while it may well take those of others. */
  refuses(topic: string): boolean {
    return this.refused.has(topic);
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

  /** One request with messages of one partition. @returns whether Kafka has them; otherwise they are to be sent again */
  async sendBatch(
    messages: readonly PipelineMessage[],
    partition: number,
  ): Promise<"sent" | "failed" | "too large"> {
    while (this.resetting !== undefined) await this.resetting;
    const started = performance.now();
    const topic = messages[0]?.topic ?? "";
    this.requests += 1;
    try {
      await this.producer.send({
        messages: messages.map(({ topic, key, value, headers, timestamp }) => ({
          topic,
          key,
          value,
          headers: new Map(headers),
          partition,
          timestamp: BigInt(timestamp),
        })),
      });
      this.wasTaken(topic);
      this.observer.succeeded((performance.now() - started) / 1000);
      this.sinceReset += messages.length;
      if (this.sinceReset > mostInSequence) this.reset();
      return "sent";
    } catch (error) {
      return this.outcomeOf(error, topic);
    } finally {
      this.requests -= 1;
      if (this.requests === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  /** Fails when Kafka does not answer. */
  async check(): Promise<void> {
    await this.producer.metadata({ topics: [], autocreateTopics: false, forceUpdate: true });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { lanes } of this.topics.values()) for (const lane of lanes.values()) lane.close();
    const closed: Promise<void> = this.producer.close();
    await closed;
  }

  private outcomeOf(error: unknown, topic: string): "sent" | "failed" | "too large" {
    if (hasKafkaError(error, "MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE")) return "too large";
    this.producer.clearMetadata();
    if (hasKafkaError(error, ...lostSequences)) this.reset();
    if (hasKafkaError(error, "DUPLICATE_SEQUENCE_NUMBER")) return "sent";
    this.wasNotTaken(error, topic);
    return "failed";
  }

  private wasNotTaken(error: unknown, topic: string): void {
    if (!isTopicsOwn(error)) {
      this.observer.failed();
      return;
    }
    this.observer.refused();
    if (this.refused.has(topic)) return;
    this.refused.add(topic);
    this.logger.error({ err: error, topic }, "Kafka takes no messages for a topic; they wait");
  }

  private wasTaken(topic: string): void {
    if (this.refused.delete(topic)) this.logger.info({ topic }, "Kafka takes messages for the topic again");
  }

  /** Takes a new producer id once no request is on its way: the sequences of all partitions begin anew together. */
  private reset(): void {
    if (!this.params.idempotent) return;
    this.resetting ??= this.takeNewId().finally(() => {
      this.resetting = undefined;
    });
  }

  private async takeNewId(): Promise<void> {
    if (this.requests > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    for (let attempt = 0; !this.closed; attempt += 1) {
      try {
        await this.producer.initIdempotentProducer({});
        this.sinceReset = 0;
        return;
      } catch {
        this.observer.failed();
        await pause(attempt, this.params);
      }
    }
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
        this.wasNotTaken(error, topic);
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
    const lane = new PartitionLane(partition, this, this.params, this.logger);
    state.lanes.set(partition, lane);
    return lane;
  }
}

/** Whether the topic is gone, or not for this user: the fault of nobody else. */
function isTopicsOwn(error: unknown): boolean {
  const answers = ["UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID", "TOPIC_AUTHORIZATION_FAILED"] as const;
  // The library keeps what Kafka answered to itself, in one case.
  return hasKafkaError(error, ...answers) || errorText(error).includes("Unknown topic");
}
