import type { Logger } from "@algorun/common";
import type { ProducerParams } from "../configuration/producer-params";
import type { BatchOutcome } from "./broker-lane";
import { deferred } from "./deferred";
import { pause } from "./pause";
import { messageBytes, type PipelineMessage } from "./pipeline-message";

/** Sends batches to a partition. */
export interface BatchSender {
  /** @returns what became of them; they are to be sent again, unchanged, unless Kafka has them or they are too large */
  sendBatch(messages: readonly PipelineMessage[], partition: number): Promise<BatchOutcome>;
}

interface Entry {
  readonly message: PipelineMessage;
  readonly bytes: number;
  readonly delivered: () => void;
}

/**
 * The messages of one partition, in order. One batch is on its way at a time, and it is repeated as it is until it is
 * confirmed; what comes in meanwhile makes the next batch.
 */
export class PartitionLane {
  private readonly queue: Entry[] = [];
  private running = false;
  private closed = false;
  private batchBytes: number;

  constructor(
    private readonly partition: number,
    private readonly sender: BatchSender,
    private readonly params: ProducerParams,
    private readonly logger: Logger,
  ) {
    this.batchBytes = params.batchBytes;
  }

  /** Resolves once the message is in Kafka. */
  async send(message: PipelineMessage): Promise<void> {
    const { promise, resolve } = deferred();
    this.queue.push({ message, bytes: messageBytes(message), delivered: resolve });
    if (!this.running) {
      this.running = true;
      void this.run();
    }
    await promise;
  }

  close(): void {
    this.closed = true;
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0 && !this.closed) {
      if (this.params.lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.params.lingerMs));
      await this.deliver();
    }
    this.running = false;
  }

  /** Delivers the first messages of the queue. */
  private async deliver(): Promise<void> {
    let batch = this.firstEntries();
    for (let attempt = 0; !this.closed; attempt += 1) {
      const outcome = await this.sender.sendBatch(
        batch.map(({ message }) => message),
        this.partition,
      );
      if (outcome === "sent") {
        this.queue.splice(0, batch.length);
        for (const { delivered } of batch) delivered();
        return;
      }
      if (outcome === "too large" && batch.length > 1) {
        // Kafka took nothing of it, so that its sequence may belong to a smaller batch.
        this.batchBytes = Math.max(1, Math.floor(batch.reduce((sum, { bytes }) => sum + bytes, 0) / 2));
        batch = this.firstEntries();
        continue;
      }
      if (outcome === "too large" && attempt % 60 === 0) {
        const { topic } = batch[0]?.message ?? {};
        this.logger.error(
          { topic, bytes: batch[0]?.bytes },
          "Kafka takes no message so large: its topic's max.message.bytes was lowered; all wait until it is raised again",
        );
      }
      await pause(attempt, this.params);
    }
  }

  private firstEntries(): readonly Entry[] {
    let bytes = 0;
    const batch: Entry[] = [];
    for (const entry of this.queue) {
      bytes += entry.bytes;
      if (batch.length > 0 && (bytes > this.batchBytes || batch.length >= this.params.batchMessages)) break;
      batch.push(entry);
    }
    return batch;
  }
}
