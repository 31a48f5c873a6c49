import { deferred, type Deferred } from "../delivery/deferred";

/** Longest time that new messages wait: many times that of a write. */
const mostMs = 100;
/** After that was not enough, they go through the log for so long before it is tried again. */
const pauseMs = 1_000;

/**
 * Holds new messages back for a moment while the last ones of a log are given to the producer: then those behind may go to
 * Kafka without it. Under steady load there would always be some more in the log.
 */
export class HandOver {
  private held: Deferred | undefined;
  private timer: NodeJS.Timeout | undefined;
  private notBefore = 0;

  /** @param isDone - whether the producer has all of the log */
  constructor(private readonly isDone: () => boolean) {}

  get isHeld(): boolean {
    return this.held !== undefined;
  }

  /** Resolves when nothing is held back any more. */
  async ended(): Promise<void> {
    while (this.held !== undefined) await this.held.promise;
  }

  /** Begins to hold new messages back, unless there is no need, or it was tried a moment ago. */
  begin(): void {
    if (this.isHeld || this.isDone() || Date.now() < this.notBefore) return;
    this.held = deferred();
    this.timer = setTimeout(() => {
      this.notBefore = Date.now() + pauseMs;
      this.end();
    }, mostMs);
  }

  /** Something was given to the producer, or won't be. */
  check(): void {
    if (this.isHeld && this.isDone()) this.end();
  }

  private end(): void {
    clearTimeout(this.timer);
    const { held } = this;
    this.held = undefined;
    held?.resolve();
  }
}
