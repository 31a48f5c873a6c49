import type { GatewayConfig } from "../configuration/gateway-config";

const mebibyte = 1024 * 1024;
/** File systems need some room themselves. */
const usableShare = 0.95;
/** Most for pieces of media streams: some minutes of a stream, and in memory some seconds. */
const mostForPieces = { volume: 256 * mebibyte, memory: 16 * mebibyte };

/** Bytes of the log's volume. */
export interface VolumeShares {
  /** Messages that wait for Kafka. */
  readonly log: number;
  /** Pieces of media streams that wait: a quarter at most, and nothing where there are no streams. */
  readonly pieces: number;
}

/** Divides the volume of the log, which pieces of media streams share. */
export function volumeShares({
  paths,
  producer: { wal },
}: Pick<GatewayConfig, "paths" | "producer">): VolumeShares {
  const usable = Math.floor(wal.max_bytes * usableShare);
  const hasStreams = paths.some(({ protocol }) => protocol === "rtmp");
  const most = wal.in_memory ? mostForPieces.memory : mostForPieces.volume;
  const pieces = hasStreams ? Math.min(Math.floor(usable / 4), most) : 0;
  return { log: usable - pieces, pieces };
}
