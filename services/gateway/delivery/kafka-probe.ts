import type { CircuitBreaker } from "./circuit-breaker";
import type { KafkaProducer } from "./kafka-producer";

const periodMs = 2_000;
/** The first answer is not waited for longer: a gateway without Kafka has its log. */
const firstMs = 3_000;

/** Asks Kafka for something from time to time: so the gateway knows that Kafka is back, or away, without any requests. */
export class KafkaProbe {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly producer: Pick<KafkaProducer, "check">,
    private readonly breaker: CircuitBreaker,
  ) {}

  /** Asks for the first time; waits for the answer a little. */
  async first(): Promise<void> {
    await Promise.race([this.ask(), new Promise((resolve) => setTimeout(resolve, firstMs))]);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    try {
      await this.producer.check();
      this.breaker.succeeded();
    } catch {
      this.breaker.failed();
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.ask(), periodMs);
    this.timer.unref();
  }
}
