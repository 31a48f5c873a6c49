import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Metrics of a hook, by webhook. */
export class HookMetrics {
  readonly deliveries: Counter<"webhook" | "status">;
  readonly retries: Counter<"webhook">;
  readonly attempt: Histogram<"webhook">;
  readonly circuitOpen: Gauge<"webhook">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.deliveries = new Counter({
      name: "algorun_hook_deliveries_total",
      help: "Messages that a receiver has, or that were given up",
      labelNames: ["webhook", "status"],
      registers,
    });
    this.retries = new Counter({
      name: "algorun_hook_failed_attempts_total",
      help: "Attempts that failed",
      labelNames: ["webhook"],
      registers,
    });
    this.attempt = new Histogram({
      name: "algorun_hook_attempt_duration_seconds",
      help: "Time until a receiver answers",
      labelNames: ["webhook"],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.circuitOpen = new Gauge({
      name: "algorun_hook_circuit_open",
      help: "1 while a receiver is taken for down",
      labelNames: ["webhook"],
      registers,
    });
  }
}
