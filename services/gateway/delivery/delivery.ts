import { GatewayProblem, type ProblemDetails } from "../intake/gateway-problem";
import { LogFull } from "../log/log-full";
import type { WriteAheadLog } from "../log/write-ahead-log";
import type { CircuitBreaker } from "./circuit-breaker";
import type { KafkaProducer } from "./kafka-producer";
import type { PipelineMessage } from "./pipeline-message";

/** How messages of a topic use the write-ahead log. */
export type LogMode = "always" | "fallback" | "disable";

/** What became of a message. */
export type Safe = "kafka" | "log";

/** What a delivery is made from. */
export interface DeliveryOptions {
  readonly producer: Pick<KafkaProducer, "send" | "pendingBytes" | "refuses">;
  readonly breaker: CircuitBreaker;
  readonly modeOf: (topic: string) => LogMode;
  /** The log of each topic whose mode is not `disable`. */
  readonly logs: ReadonlyMap<string, WriteAheadLog>;
  /** How long a caller waits for Kafka. */
  readonly confirmMs: number;
  /** Most bytes that wait for Kafka in memory. */
  readonly pendingBytes: number;
}

/**
 * Makes messages safe: in Kafka, or in the write-ahead log, from where they go to Kafka. As long as the log of a topic has
 * messages that the producer has not got yet, those that come behind them go through it, too, so that none overtakes another.
 */
export class Delivery {
  constructor(private readonly options: DeliveryOptions) {}

  /**
   * Resolves once the message is safe.
   *
   * @throws GatewayProblem when neither Kafka nor the log takes it
   */
  async accept(message: PipelineMessage): Promise<Safe> {
    const { breaker, logs, modeOf, producer } = this.options;
    const log = logs.get(message.topic);
    const mode = modeOf(message.topic);
    if (mode === "fallback") await log?.handOver.ended();
    const mayTryKafka = this.mayTryKafka(message.topic);
    if (log !== undefined && (mode === "always" || !log.isHandedOver || !mayTryKafka)) {
      return await append(log, message);
    }
    if (!mayTryKafka) throw kafkaAway();
    const sent = producer.send(message);
    if (await this.isConfirmed(sent)) return "kafka";
    if (!producer.refuses(message.topic)) breaker.failed();
    if (log === undefined) throw kafkaAway({ mayArrive: true });
    // The producer goes on with it, and Kafka knows a repetition; the log has it in case that this process ends.
    return await append(log, message, sent);
  }

  /** While Kafka is tried again, what is on its way already is the trial. */
  private mayTryKafka(topic: string): boolean {
    const { breaker, pendingBytes, producer } = this.options;
    if (producer.refuses(topic)) return false;
    switch (breaker.current) {
      case "closed":
        return producer.pendingBytes < pendingBytes;
      case "half-open":
        return producer.pendingBytes === 0;
      case "open":
        return false;
    }
  }

  private async isConfirmed(sent: Promise<void>): Promise<boolean> {
    const { breaker, confirmMs } = this.options;
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(settle, confirmMs, false);
      const unwatch = breaker.onOpen(() => {
        settle(false);
      });
      function settle(confirmed: boolean): void {
        clearTimeout(timer);
        unwatch();
        resolve(confirmed);
      }
      void sent.then(() => {
        settle(true);
      });
    });
  }
}

async function append(log: WriteAheadLog, message: PipelineMessage, onItsWay?: Promise<void>): Promise<Safe> {
  try {
    await log.append(message, onItsWay);
    return "log";
  } catch (error) {
    if (!(error instanceof LogFull)) throw error;
    throw new GatewayProblem(
      "unavailable",
      "Kafka does not take messages at present, and the write-ahead log has no room",
      {
        retryAfterSeconds: 10,
        // What a write that failed has left in the file may be found there after a crash.
        mayArrive: onItsWay !== undefined || error.cause !== undefined,
        cause: error,
      },
    );
  }
}

function kafkaAway({ mayArrive }: Pick<ProblemDetails, "mayArrive"> = {}): GatewayProblem {
  return new GatewayProblem("unavailable", "Kafka does not take messages at present", {
    retryAfterSeconds: 5,
    mayArrive,
  });
}
