/** A message that a call has brought, and whose answer it waits for. */
interface Pending {
  readonly traceId: string;
  /** Bytes. */
  readonly size: number;
  /** Resolves when it was answered, or never will be. */
  readonly done: Promise<void>;
}

/** How far a call may be ahead of its answers. */
export interface QueueLimits {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * What a call has brought and was not answered yet: taken side by side, so that Kafka gets many at once, and answered in
 * turn. Messages of one trace follow each other, since they are of one partition, and their order counts.
 */
export class AnswerQueue<Answer> {
  private readonly pending: Pending[] = [];
  private bytes = 0;
  private fail: (error: unknown) => void = () => undefined;
  private isOver = false;
  /** Rejects with the first message that is not taken; answers before it were given. */
  readonly failed = new Promise<never>((_resolve, reject) => {
    this.fail = reject;
  });

  /** @param answer - gives an answer, as fast as the caller reads */
  constructor(
    private readonly limits: QueueLimits,
    private readonly answer: (answer: Answer) => Promise<void>,
  ) {
    // Whoever is interested listens.
    this.failed.catch(() => undefined);
  }

  /** Whether a message failed: none behind it is taken or answered. */
  get hasFailed(): boolean {
    return this.isOver;
  }

  /** Waits until one more message may be taken. */
  async room(traceId: string, size: number): Promise<void> {
    while (this.isFull(size) || this.pending.some((each) => each.traceId === traceId))
      await this.pending[0]?.done;
  }

  /** Waits until all are answered. */
  async empty(): Promise<void> {
    await this.pending.at(-1)?.done;
  }

  /** Has a message answered, once it is safe and those before it are answered. */
  add(traceId: string, size: number, taken: Promise<Answer>): void {
    const done = this.answered(taken, this.empty()).finally(() => {
      this.pending.shift();
      this.bytes -= size;
    });
    this.pending.push({ traceId, size, done });
    this.bytes += size;
  }

  private async answered(taken: Promise<Answer>, before: Promise<void>): Promise<void> {
    // It may fail while others are waited for.
    taken.catch(() => undefined);
    await before;
    if (this.isOver) return;
    try {
      await this.answer(await taken);
    } catch (error) {
      this.isOver = true;
      this.fail(error);
    }
  }

  private isFull(size: number): boolean {
    const { messages, bytes } = this.limits;
    return this.pending.length >= messages || (this.pending.length > 0 && this.bytes + size > bytes);
  }
}
