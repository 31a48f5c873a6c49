import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
} from "cockatiel";
import { Slots } from "@algorun/common";
import type { FailedAttempt, Verdict } from "./answer";

/** No request was made, since the receiver is down or wants none yet: it counts as no attempt. */
export interface HeldAttempt {
  readonly kind: "held";
  /** What it is held for. */
  readonly since: FailedAttempt | undefined;
  /** Milliseconds after which there may be a request. */
  readonly waitMs: number;
}

/** Requests to one receiver at once. */
const parallel = 16;
/** So many failures in a row open the circuit. */
const failuresToOpen = 5;
/** What was held together comes again spread over this time. */
const spreadMs = 500;

/**
 * Keeps requests from a receiver that is down: then one, from time to time, finds out whether it is well again. A receiver
 * that says when it wants the next one gets none before.
 */
export class WebhookCircuit {
  private readonly slots = new Slots(parallel);
  private readonly breaker;
  private lastFailure: FailedAttempt | undefined;
  private pausedUntil = 0;

  /** @param onChange - is told when the circuit opens and when it closes, and the last failure */
  constructor(
    private readonly halfOpenMs: number,
    onChange: (isOpen: boolean, failure: FailedAttempt | undefined) => void,
  ) {
    this.breaker = circuitBreaker(handleWhenResult(isReceiverDown), {
      halfOpenAfter: halfOpenMs,
      breaker: new ConsecutiveBreaker(failuresToOpen),
    });
    let isOpen = false;
    this.breaker.onStateChange((state) => {
      // Half open is open still: it may open again, each time that somebody looks whether the receiver is well.
      if (state === CircuitState.HalfOpen || isOpen === (state === CircuitState.Open)) return;
      isOpen = !isOpen;
      onChange(isOpen, this.lastFailure);
    });
  }

  /**
   * Makes a request when there is a slot for it, unless the receiver is to be left alone.
   *
   * @param signal - ends the waiting for a slot
   */
  async attempt(signal: AbortSignal, request: () => Promise<Verdict>): Promise<Verdict | HeldAttempt> {
    return await this.slots.run(signal, async () => {
      const pauseMs = this.pausedUntil - performance.now();
      if (pauseMs > 0) return this.held(pauseMs + Math.random() * spreadMs);
      try {
        return await this.breaker.execute(async () => {
          // It may have waited for the outcome of another one.
          signal.throwIfAborted();
          const verdict = await request();
          if (isReceiverDown(verdict)) this.remember(verdict);
          return verdict;
        });
      } catch (error) {
        if (error instanceof BrokenCircuitError) return this.held(Math.random() * this.halfOpenMs);
        throw error;
      }
    });
  }

  private remember(failure: FailedAttempt): void {
    this.lastFailure = failure;
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + failure.waitMs);
  }

  private held(waitMs: number): HeldAttempt {
    return { kind: "held", since: this.lastFailure, waitMs };
  }
}

function isReceiverDown(result: unknown): result is FailedAttempt {
  return (
    typeof result === "object" &&
    result !== null &&
    "isReceiverDown" in result &&
    result.isReceiverDown === true
  );
}
