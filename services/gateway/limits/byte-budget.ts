import { GatewayProblem } from "../intake/gateway-problem";

interface Waiter {
  readonly lease: ByteLease;
  readonly bytes: number;
  readonly grant: () => void;
  readonly refuse: () => void;
}

/** Longest time that somebody waits for memory; then others are quicker to serve. */
const defaultPatienceMs = 5_000;

/**
 * Memory that is shared by all that come in. Who needs more than is free waits, and whoever waits does not read from its
 * connection; the oldest is served first. When all that hold memory wait for more, the youngest is refused, so that the
 * others get on.
 */
export class ByteBudget {
  private readonly waiters: Waiter[] = [];
  /** Bytes of each lease. */
  private readonly held = new Map<ByteLease, number>();
  private taken = 0;
  private age = 0;

  /** @param limit - bytes */
  constructor(
    readonly limit: number,
    private readonly patienceMs = defaultPatienceMs,
  ) {}

  get used(): number {
    return this.taken;
  }

  /** Something that comes in, and has no memory yet. */
  lease(): ByteLease {
    const lease: ByteLease = new ByteLease(
      this.age++,
      async (bytes) => {
        await this.take(lease, bytes);
      },
      () => {
        this.taken -= this.heldBy(lease);
        this.held.delete(lease);
        this.serve();
      },
    );
    this.held.set(lease, 0);
    return lease;
  }

  private heldBy(lease: ByteLease): number {
    return this.held.get(lease) ?? 0;
  }

  private give(lease: ByteLease, bytes: number): void {
    this.taken += bytes;
    this.held.set(lease, this.heldBy(lease) + bytes);
  }

  private async take(lease: ByteLease, bytes: number): Promise<void> {
    // What is larger than everything is let in alone: its own limit was checked before.
    if (
      this.waiters.length === 0 &&
      (this.taken + bytes <= this.limit || this.taken === this.heldBy(lease))
    ) {
      this.give(lease, bytes);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiter.refuse();
      }, this.patienceMs);
      const leave = (): void => {
        clearTimeout(timer);
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
      };
      const waiter: Waiter = {
        lease,
        bytes,
        grant: () => {
          leave();
          this.give(lease, bytes);
          resolve();
        },
        refuse: () => {
          leave();
          reject(new GatewayProblem("overloaded", "too many requests at a time", { retryAfterSeconds: 1 }));
        },
      };
      this.waiters.push(waiter);
      this.waiters.sort((a, b) => a.lease.age - b.lease.age);
      this.serve();
    });
  }

  private serve(): void {
    for (let first = this.waiters[0]; first !== undefined; first = this.waiters[0]) {
      if (this.taken + first.bytes > this.limit && this.taken !== this.heldBy(first.lease)) break;
      first.grant();
    }
    if (this.waiters.length < 2) return;
    const waiting = new Set(this.waiters.map(({ lease }) => lease));
    const isStuck = [...this.held].every(([lease, bytes]) => bytes === 0 || waiting.has(lease));
    if (isStuck) this.waiters.findLast(({ lease }) => this.heldBy(lease) > 0)?.refuse();
  }
}

/** The memory of one request. */
export class ByteLease {
  private ended = false;

  /**
   * @param grow - waits for memory, and fails with a GatewayProblem when there is none for too long
   */
  constructor(
    readonly age: number,
    readonly grow: (bytes: number) => Promise<void>,
    private readonly giveBack: () => void,
  ) {}

  /** Gives everything back. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.giveBack();
  }
}
