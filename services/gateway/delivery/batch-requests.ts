import { errorText, hasKafkaError, type Logger } from "@algorun/common";
import type { ClusterMetadata, MessageToProduce } from "@platformatic/kafka";
import { z } from "zod";
import type { ProducerParams } from "../configuration/producer-params";
import { BrokerLane, type BatchOutcome, type PartitionBatch } from "./broker-lane";
import type { ProducerObserver } from "./kafka-producer";
import type { BatchSender } from "./partition-lane";
import { pause } from "./pause";
import type { PipelineMessage } from "./pipeline-message";

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

/** What is asked of the library's producer. */
export interface BatchProducer {
  /** Undefined: nothing is known yet. */
  readonly currentMetadata: Pick<ClusterMetadata, "topics"> | undefined;
  clearMetadata(): void;
  send(options: { messages: MessageToProduce[] }): Promise<unknown>;
  initIdempotentProducer(options: object): Promise<unknown>;
}

/** What the library says in an error was written all the same. */
const producedSchema = z.object({
  produced: z.object({ offsets: z.array(z.object({ topic: z.string(), partition: z.number() })) }),
});

/**
 * Requests with batches, each of one partition. A batch that Kafka may not have is repeated unchanged by who sends it, so
 * that Kafka knows it by its sequence, and writes it once.
 */
export class BatchRequests implements BatchSender {
  private readonly lanes = new Map<number, BrokerLane>();
  private requests = 0;
  private sinceReset = 0;
  private resetting: Promise<void> | undefined;
  private idle: (() => void)[] = [];
  private readonly refused = new Set<string>();
  private closed = false;

  constructor(
    private readonly producer: BatchProducer,
    private readonly params: ProducerParams,
    private readonly observer: ProducerObserver,
    private readonly logger: Logger,
  ) {}

  /** Whether Kafka takes nothing for a topic. */
  refuses(topic: string): boolean {
    return this.refused.has(topic);
  }

  close(): void {
    this.closed = true;
  }

  async sendBatch(messages: readonly PipelineMessage[], partition: number): Promise<BatchOutcome> {
    const batch = { messages, partition };
    const leader = this.leaderOf(batch);
    if (leader === undefined) return await this.counted(() => this.sendAlone(batch));
    const known = this.lanes.get(leader);
    const lane = known ?? new BrokerLane((batches) => this.counted(() => this.sendTogether(batches)));
    if (known === undefined) this.lanes.set(leader, lane);
    return await lane.send(batch);
  }

  /** Kafka has answered with an error, or not at all, when something of a topic was asked for. */
  wasNotTaken(error: unknown, topic: string): void {
    if (!isTopicsOwn(error)) {
      this.observer.failed();
      return;
    }
    this.observer.refused();
    if (this.refused.has(topic)) return;
    this.refused.add(topic);
    this.logger.error({ err: error, topic }, "Kafka takes no messages for a topic; they wait");
  }

  /** The broker that a batch goes to with others; undefined: it goes alone, since a repetition would be written again. */
  private leaderOf(batch: PartitionBatch): number | undefined {
    const topic = topicOf(batch);
    if (!this.params.idempotent || this.refused.has(topic)) return undefined;
    return this.producer.currentMetadata?.topics.get(topic)?.partitions[batch.partition]?.leader;
  }

  /** What the producer's id and its sequences are not begun anew during: what may have been written is known by them. */
  private async counted<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.resetting !== undefined) await this.resetting;
    this.requests += 1;
    try {
      return await work();
    } finally {
      this.requests -= 1;
      if (this.requests === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  /** One request; after an error, each batch that Kafka has not got goes by itself, which shows whose error it is. */
  private async sendTogether(batches: readonly PartitionBatch[]): Promise<readonly BatchOutcome[]> {
    const [only, ...others] = batches;
    if (only !== undefined && others.length === 0) return [await this.sendAlone(only)];
    try {
      await this.request(batches);
      return batches.map(() => "sent");
    } catch (error) {
      this.producer.clearMetadata();
      const written = writtenIn(error);
      const again = async (batch: PartitionBatch): Promise<BatchOutcome> =>
        written.has(nameOf(batch)) ? "sent" : await this.sendAlone(batch);
      return await Promise.all(batches.map(again));
    }
  }

  private async sendAlone(batch: PartitionBatch): Promise<BatchOutcome> {
    try {
      await this.request([batch]);
      return "sent";
    } catch (error) {
      return this.outcomeOf(error, topicOf(batch));
    }
  }

  private async request(batches: readonly PartitionBatch[]): Promise<void> {
    const started = performance.now();
    const messages = batches.flatMap(({ messages: each, partition }) =>
      each.map(({ topic, key, value, headers, timestamp }) => ({
        topic,
        key,
        value,
        headers: new Map(headers),
        partition,
        timestamp: BigInt(timestamp),
      })),
    );
    await this.producer.send({ messages });
    for (const batch of batches) this.wasTaken(topicOf(batch));
    this.observer.succeeded((performance.now() - started) / 1000);
    this.sinceReset += messages.length;
    if (this.sinceReset > mostInSequence) this.reset();
  }

  private outcomeOf(error: unknown, topic: string): BatchOutcome {
    if (hasKafkaError(error, "MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE")) return "too large";
    this.producer.clearMetadata();
    if (hasKafkaError(error, ...lostSequences)) this.reset();
    if (hasKafkaError(error, "DUPLICATE_SEQUENCE_NUMBER")) return "sent";
    this.wasNotTaken(error, topic);
    return "failed";
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
}

function topicOf({ messages }: PartitionBatch): string {
  return messages[0]?.topic ?? "";
}

function nameOf(batch: PartitionBatch): string {
  return `${topicOf(batch)} ${batch.partition}`;
}

/** Partitions of which the library knows that Kafka has the messages, by {@link nameOf}: their sequences have gone on. */
function writtenIn(error: unknown): ReadonlySet<string> {
  const { data } = producedSchema.safeParse(error);
  return new Set(data?.produced.offsets.map(({ topic, partition }) => `${topic} ${partition}`));
}

/** Whether the topic is gone, or not for this user: the fault of nobody else. */
function isTopicsOwn(error: unknown): boolean {
  const answers = ["UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID", "TOPIC_AUTHORIZATION_FAILED"] as const;
  // The library keeps what Kafka answered to itself, in one case.
  return hasKafkaError(error, ...answers) || errorText(error).includes("Unknown topic");
}
