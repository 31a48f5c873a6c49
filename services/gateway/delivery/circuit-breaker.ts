import type { CircuitBreakerSettings } from "../configuration/gateway-config";

type State = "closed" | "open" | "half-open";

/**
 * Remembers whether Kafka takes messages. It opens after some failures in a row; while it is open nobody waits for Kafka.
 * After a time some requests may try, and when they succeed it closes.
 */
export class CircuitBreaker {
  private state: State = "closed";
  private failures = 0;
  private successes = 0;
  private lastFailure = 0;
  private openedAt = 0;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly settings: CircuitBreakerSettings,
    private readonly now: () => number = Date.now,
  ) {}

  get current(): State {
    if (this.state === "open" && this.now() - this.openedAt >= this.settings.timeout) {
      this.state = "half-open";
      this.successes = 0;
    }
    return this.state;
  }

  succeeded(): void {
    if (this.current === "closed") this.failures = 0;
    if (this.current !== "half-open") return;
    this.successes += 1;
    if (this.successes < this.settings.requests) return;
    this.state = "closed";
    this.failures = 0;
  }

  failed(): void {
    const state = this.current;
    if (state === "open") return;
    const now = this.now();
    const forgotten = this.settings.interval > 0 && now - this.lastFailure > this.settings.interval * 1000;
    this.failures = forgotten ? 1 : this.failures + 1;
    this.lastFailure = now;
    if (state === "half-open" || this.failures >= this.settings.fails) this.open(now);
  }

  /**
   * Calls once the breaker opens.
   *
   * @returns stops watching
   */
  onOpen(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private open(now: number): void {
    this.state = "open";
    this.openedAt = now;
    for (const watcher of [...this.watchers]) watcher();
  }
}
