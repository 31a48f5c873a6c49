import { Counter, Gauge } from "prom-client";
import type { Metrics } from "@algorun/common";

/** What is counted of media streams, for each path. */
export interface IngestMetrics {
  readonly delivered: Counter<"path">;
  readonly dropped: Counter<"path">;
  readonly publishing: Gauge<"path">;
}

/** Makes the metrics of media streams. */
export function ingestMetrics(registry: Metrics, bufferedBytes: () => number): IngestMetrics {
  const registers = [registry];
  const labelNames = ["path"] as const;
  new Gauge({
    name: "algorun_media_buffered_bytes",
    help: "Bytes of pieces of media streams that are not safe yet.",
    registers,
    collect() {
      this.set(bufferedBytes());
    },
  });
  return {
    delivered: new Counter({
      name: "algorun_media_pieces_total",
      help: "Pieces of media streams that are in object storage and Kafka.",
      labelNames,
      registers,
    }),
    dropped: new Counter({
      name: "algorun_media_dropped_pieces_total",
      help: "Pieces of media streams that are lost, since the buffer was full.",
      labelNames,
      registers,
    }),
    publishing: new Gauge({
      name: "algorun_media_publishing",
      help: "1 while somebody publishes the stream of a path.",
      labelNames,
      registers,
    }),
  };
}
