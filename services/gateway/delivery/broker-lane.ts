import { messageBytes, type PipelineMessage } from "./pipeline-message";

/** Messages of one partition, in their order. */
export interface PartitionBatch {
  readonly messages: readonly PipelineMessage[];
  readonly partition: number;
}

/** What became of messages: Kafka has them, or they are to be sent again, or there are too many of them. */
export type BatchOutcome = "sent" | "failed" | "too large";

/** Most bytes of several batches in one request: Kafka bounds a request by 100 MiB, and both sides hold it in memory. */
const requestBytes = 4 * 2 ** 20;

interface WaitingBatch {
  readonly batch: PartitionBatch;
  readonly bytes: number;
  readonly settle: (outcome: BatchOutcome) => void;
}

/**
 * Requests to one broker, one after the other, since a broker answers one request of a connection before it reads the next.
 * What comes meanwhile, for any partitions that it leads, goes with the next request: so requests grow with the load.
 */
export class BrokerLane {
  private waiting: WaitingBatch[] = [];
  private isBusy = false;

  /** @param request - sends batches of different partitions, and says what became of each; it does not fail */
  constructor(
    private readonly request: (batches: readonly PartitionBatch[]) => Promise<readonly BatchOutcome[]>,
  ) {}

  /** Sends messages of a partition that has no others on their way. */
  async send(batch: PartitionBatch): Promise<BatchOutcome> {
    const bytes = batch.messages.reduce((sum, message) => sum + messageBytes(message), 0);
    return await new Promise((settle) => {
      this.waiting.push({ batch, bytes, settle });
      if (!this.isBusy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      // What callers have sent at the same time goes together.
      await new Promise((resolve) => setImmediate(resolve));
      const taken = this.take();
      const outcomes = await this.request(taken.map(({ batch }) => batch));
      for (const [index, { settle }] of taken.entries()) settle(outcomes[index] ?? "failed");
    }
    this.isBusy = false;
  }

  /** The first ones, as many as fit. */
  private take(): readonly WaitingBatch[] {
    let bytes = 0;
    const more = this.waiting.findIndex((each, index) => (bytes += each.bytes) > requestBytes && index > 0);
    return this.waiting.splice(0, more < 0 ? this.waiting.length : more);
  }
}
