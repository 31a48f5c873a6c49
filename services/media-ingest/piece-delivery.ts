import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import {
  retryWithBackOff,
  writeFileReference,
  type Logger,
  type MessageHeaders,
  type ObjectStorage,
} from "@algorun/common";
import { formatOf, type MediaStream } from "./media-stream";
import type { Piece } from "./piece";
import type { PieceBuffer } from "./piece-buffer";

/** Where pieces go. */
export type PieceStore = Pick<ObjectStorage, "bucket" | "upload">;

/** A message that points to a piece. */
export interface PieceMessage {
  readonly topic: string;
  /** The session's: all pieces of one go to one partition, and stay in order. */
  readonly key: string;
  readonly value: Buffer;
  readonly headers: MessageHeaders;
}

/** Resolves when a message is safe. */
export type MessageSender = (message: PieceMessage) => Promise<void>;

/** What pieces are brought to safety with. */
export interface PieceDeliveryOptions {
  readonly stream: MediaStream;
  readonly buffer: PieceBuffer;
  readonly store: PieceStore;
  readonly send: MessageSender;
  readonly logger: Logger;
  readonly onDelivered: (piece: Piece) => void;
}

/** Tried until it succeeds: the buffer is what bounds it. */
const backOff = { attempts: Number.MAX_SAFE_INTEGER, initialDelayMs: 200, maxDelayMs: 5_000 };

/**
 * Brings pieces to safety, one after the other: first the bytes into object storage, then the message that points to
 * them. Both are repeated until they succeed; a piece that an earlier process has sent already gets the same object and
 * the same message id again.
 *
 * @param signal - ends it; a piece that is not safe by then stays in the buffer
 */
export async function deliverPieces(options: PieceDeliveryOptions, signal: AbortSignal): Promise<void> {
  const { buffer, logger, onDelivered, stream } = options;
  for (;;) {
    const piece = await buffer.next(signal);
    if (piece === undefined) return;
    const attempt = { hasFailed: false };
    const once = async (): Promise<void> => {
      try {
        await deliverPiece(piece, options, signal);
      } catch (error) {
        if (!attempt.hasFailed && !signal.aborted)
          logger.warn(
            { err: error, path: stream.path },
            "a piece of a stream waits: storage or Kafka does not take it",
          );
        attempt.hasFailed = true;
        throw error;
      }
    };
    try {
      const isTransient = (error: Error): boolean => !signal.aborted && !isGone(piece, error);
      await retryWithBackOff(once, { ...backOff, isTransient, signal });
    } catch (error) {
      if (!signal.aborted && isGone(piece, error)) {
        logger.error({ err: error, path: stream.path }, "a piece of a stream is lost: its file is gone");
        buffer.done();
        continue;
      }
      buffer.giveBack();
      if (signal.aborted) return;
      throw error;
    }
    if (attempt.hasFailed)
      logger.info({ path: stream.path, waiting: buffer.pieces }, "pieces of a stream go on");
    buffer.done();
    onDelivered(piece);
  }
}

async function deliverPiece(
  piece: Piece,
  { stream, store, send }: PieceDeliveryOptions,
  signal: AbortSignal,
): Promise<void> {
  const { contentType, extension } = formatOf(stream);
  const { traceID, sequence, span } = piece;
  const number = String(sequence).padStart(8, "0");
  const key = `${stream.path}/${traceID}/${number}.${extension}`;
  const body: Readable = createReadStream(join(piece.folder, piece.file));
  const { size, sha256 } = await store.upload(key, body, { contentType, signal });
  const fileName = `${stream.path}-${number}.${extension}`;
  const others: MessageHeaders["others"] = [
    ["mediaSequence", Buffer.from(String(sequence))],
    ...(span === undefined
      ? []
      : [
          ["mediaStartMs", Buffer.from(String(span.startMs))] as const,
          ["mediaEndMs", Buffer.from(String(span.endMs))] as const,
        ]),
  ];
  await send({
    topic: stream.topic,
    key: traceID,
    value: writeFileReference({ bucket: store.bucket, key, size, sha256, contentType, fileName }),
    headers: {
      traceID,
      messageID: `${traceID}-${number}`,
      contentType,
      fileName,
      messageDataType: "FileReference",
      others,
    },
  });
}

/** Whether it is the piece's file that is not there: storage reads files of its own. */
function isGone({ folder, file }: Piece, error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && error.code === "ENOENT" && !existsSync(join(folder, file))
  );
}
