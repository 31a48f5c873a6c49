import type { Deferred } from "../delivery/deferred";
import type { PipelineMessage } from "../delivery/pipeline-message";

/** A message that is to be written to a log; settled once it is, or can't be. */
export interface PendingAppend extends Deferred {
  readonly message: PipelineMessage;
  readonly parts: readonly Buffer[];
  readonly bytes: number;
  /** Undefined: the producer has it not yet. */
  readonly onItsWay: Promise<void> | undefined;
}

/** Most bytes that one `fsync` makes safe: who waits for it should not wait long. */
const mostBytesOfWrite = 8 * 1024 * 1024;

/** Takes those from a queue that are written together. */
export function takeBatch(queue: PendingAppend[]): readonly PendingAppend[] {
  let bytes = 0;
  let count = 0;
  for (const pending of queue) {
    bytes += pending.bytes;
    if (count > 0 && bytes > mostBytesOfWrite) break;
    count += 1;
  }
  return queue.splice(0, count);
}
