import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { RunFailure } from "../failure";

/**
 * Most bytes of a result that is a message by itself. Kafka's own bound, a topic's `max.message.bytes`, is lower as a
 * rule, and counts, too; this one is for the runner's memory.
 */
export const embeddedBytes = 16 * 2 ** 20;

/** Reads a result into memory. */
export async function collectBytes(stream: Readable): Promise<Buffer> {
  return await collectAtMost(
    stream,
    embeddedBytes,
    () =>
      new RunFailure(
        "OutputTooLarge",
        `the result is larger than ${embeddedBytes} bytes; messageDataType FileReference takes it`,
      ),
  );
}

/**
 * Reads a stream into memory.
 *
 * @throws tooLarge when it has more bytes
 */
export async function collectAtMost(
  stream: Readable,
  most: number,
  tooLarge: () => RunFailure,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > most) stream.destroy(tooLarge());
    else chunks.push(chunk);
  });
  await finished(stream, { writable: false });
  return Buffer.concat(chunks);
}

/** Writes a result to a file. */
export async function collectFile(stream: Readable, file: string): Promise<void> {
  await pipeline(stream, createWriteStream(file));
}
