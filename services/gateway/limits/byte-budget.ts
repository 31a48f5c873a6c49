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
  private readonly leases = new Set<ByteLease>();
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
        this.leases.delete(lease);
        this.taken -= lease.held;
        this.serve();
      },
    );
    this.leases.add(lease);
    return lease;
  }

  private async take(lease: ByteLease, bytes: number): Promise<void> {
    // What is larger than everything is let in alone: its own limit was checked before.
    if (this.waiters.length === 0 && (this.taken + bytes <= this.limit || this.taken === lease.held)) {
      this.taken += bytes;
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
          this.taken += bytes;
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
      if (this.taken + first.bytes > this.limit && this.taken !== first.lease.held) break;
      first.grant();
    }
    if (this.waiters.length < 2) return;
    const waiting = new Set(this.waiters.map(({ lease }) => lease));
    const holding = [...this.leases].filter(({ held }) => held > 0);
    const isStuck = holding.every((lease) => waiting.has(lease));
    if (isStuck) this.waiters.findLast(({ lease }) => lease.held > 0)?.refuse();
  }
}

/** The memory of one request. */
export class ByteLease {
  private bytes = 0;
  private ended = false;

  constructor(
    readonly age: number,
    private readonly take: (bytes: number) => Promise<void>,
    private readonly giveBack: () => void,
  ) {}

  get held(): number {
    return this.bytes;
  }

  /**
   * Waits for memory.
   *
   * @throws GatewayProblem when there is none for too long
   */
  async grow(bytes: number): Promise<void> {
    await this.take(bytes);
    this.bytes += bytes;
  }

  /** Gives everything back. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.giveBack();
  }
}
