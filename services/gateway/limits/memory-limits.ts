import { totalmem } from "node:os";
import { ObjectStorage } from "@algorun/common";
import type { GatewayConfig } from "../configuration/gateway-config";

const mebibyte = 1024 * 1024;
/** Without a limit on the process, as on a developer's machine. */
const usualMemory = 512 * mebibyte;

/** Shares of the memory that the process may take; the rest is for Node, connections and copies. */
export interface MemoryLimits {
  /** Bodies that become messages. */
  readonly bodies: number;
  /** Parts on their way to object storage. */
  readonly uploads: number;
  /** Messages that wait for Kafka. */
  readonly pending: number;
  /** Messages of one topic that were read from its log, and wait for Kafka. */
  readonly replay: number;
}

/** Divides the memory of the container, or what `queue.buffering.max.kbytes` says. */
export function memoryLimits({ kafka, paths, producer }: GatewayConfig): MemoryLimits {
  const logInMemory = producer.wal.in_memory ? producer.wal.max_bytes : 0;
  const total = Math.max(constrainedMemory() - logInMemory, 64 * mebibyte);
  const bodies = kafka.params.bufferBytes ?? clamp(total / 8, 8 * mebibyte, 256 * mebibyte);
  const topics = new Set(paths.map(({ topic }) => topic)).size;
  return {
    bodies,
    uploads: Math.max(clamp(total / 4, 0, 1024 * mebibyte), ObjectStorage.uploadBytes),
    pending: bodies / 2,
    replay: clamp(bodies / 4 / topics, mebibyte, 8 * mebibyte),
  };
}

function constrainedMemory(): number {
  const limit = process.constrainedMemory();
  // Without a limit it is 0, or larger than any machine.
  return limit > 0 && limit < totalmem() ? limit : Math.min(totalmem(), usualMemory);
}

function clamp(bytes: number, least: number, most: number): number {
  return Math.floor(Math.min(Math.max(bytes, least), most));
}
