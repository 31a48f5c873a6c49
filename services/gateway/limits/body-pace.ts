import { GatewayProblem } from "../intake/gateway-problem";

/** A body may be slow at first: half a minute. */
const graceMs = 30_000;
/** Then it must come at least so fast on the average; Apache's mod_reqtimeout asks for half of it. */
const leastBytesPerSecond = 1_000;

/** Watches how much of a body has come, and how fast. */
export class BodyPace {
  private bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly now: () => number = Date.now,
    private readonly startedAt = now(),
  ) {}

  /** Bytes so far. */
  get size(): number {
    return this.bytes;
  }

  /** @throws GatewayProblem when the body is too large, or too slow */
  came(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.maxBytes) throw tooLarge(this.maxBytes);
    const elapsed = this.now() - this.startedAt;
    if (elapsed > graceMs && this.bytes / (elapsed / 1000) < leastBytesPerSecond) {
      throw new GatewayProblem(
        "timeout",
        `the body comes too slowly, expected at least ${leastBytesPerSecond} bytes in a second`,
      );
    }
  }
}

export function tooLarge(maxBytes: number): GatewayProblem {
  return new GatewayProblem("tooLarge", `the body is larger than ${maxBytes} bytes`);
}
