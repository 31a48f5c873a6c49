import type { Metrics } from "@algorun/common";
import { Counter, Gauge, Histogram } from "prom-client";

/** What can be measured of a gateway. */
export interface MeasuredState {
  readonly bodyBytes: () => number;
  readonly uploadBytes: () => number;
  readonly pendingBytes: () => number;
  readonly kafkaUp: () => boolean;
  readonly logBytes: () => number;
  readonly logLimit: () => number;
  readonly logMessages: () => number;
  /** Milliseconds since 1970 of the oldest message in the log; undefined: there is none. */
  readonly oldestInLog: () => number | undefined;
}

/** The gateway's own metrics. */
export class GatewayMetrics {
  readonly requests: Counter<"protocol" | "path" | "status">;
  readonly bytes: Counter<"protocol" | "path">;
  readonly messages: Counter<"path" | "safe">;
  readonly inFlight: Gauge<"protocol">;
  readonly requestSeconds: Histogram<"protocol" | "path">;
  readonly kafkaSeconds: Histogram;
  readonly kafkaFailures: Counter;

  constructor(private readonly registry: Metrics) {
    const registers = [registry];
    this.requests = new Counter({
      name: "algorun_gateway_requests_total",
      help: "Requests that were answered, by the status of HTTP, or the code of gRPC.",
      labelNames: ["protocol", "path", "status"],
      registers,
    });
    this.bytes = new Counter({
      name: "algorun_gateway_request_bytes_total",
      help: "Bytes of bodies that were taken.",
      labelNames: ["protocol", "path"],
      registers,
    });
    this.messages = new Counter({
      name: "algorun_gateway_messages_total",
      help: "Messages that were made safe, in kafka or in the log.",
      labelNames: ["path", "safe"],
      registers,
    });
    this.inFlight = new Gauge({
      name: "algorun_gateway_in_flight_requests",
      help: "Requests that are being answered.",
      labelNames: ["protocol"],
      registers,
    });
    this.requestSeconds = new Histogram({
      name: "algorun_gateway_request_duration_seconds",
      help: "From the head of a request to its answer.",
      labelNames: ["protocol", "path"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    });
    this.kafkaSeconds = new Histogram({
      name: "algorun_gateway_kafka_duration_seconds",
      help: "How long Kafka took to confirm a batch.",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.kafkaFailures = new Counter({
      name: "algorun_gateway_kafka_failures_total",
      help: "Requests to Kafka that failed, and were repeated.",
      registers,
    });
  }

  /** Has the gauges read what they show when they are asked. */
  observe(state: MeasuredState): void {
    const gauges: readonly (readonly [name: string, help: string, value: () => number])[] = [
      ["in_flight_bytes", "Bytes of bodies in memory.", state.bodyBytes],
      ["upload_bytes", "Memory for parts on their way to object storage.", state.uploadBytes],
      ["kafka_pending_bytes", "Bytes of messages that wait for Kafka in memory.", state.pendingBytes],
      ["kafka_up", "1 while Kafka takes messages.", () => Number(state.kafkaUp())],
      ["log_bytes", "Bytes of the write-ahead log's files.", state.logBytes],
      ["log_limit_bytes", "Most bytes that the write-ahead log may take.", state.logLimit],
      ["log_messages", "Messages in the write-ahead log that wait for Kafka.", state.logMessages],
      ["log_oldest_age_seconds", "Age of the oldest of them.", () => secondsSince(state.oldestInLog())],
    ];
    for (const [name, help, value] of gauges) {
      new Gauge({
        name: `algorun_gateway_${name}`,
        help,
        registers: [this.registry],
        collect() {
          this.set(value());
        },
      });
    }
  }
}

function secondsSince(time: number | undefined): number {
  return time === undefined ? 0 : Math.max(0, (Date.now() - time) / 1000);
}
