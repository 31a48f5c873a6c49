import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@algorun/common";
import { formatOf, type MediaStream } from "./media-stream";
import type { PieceBuffer } from "./piece-buffer";
import { segmentStream, type StreamEnd } from "./segmenter";

/** What one stream is played with. */
export interface StreamIngestOptions {
  readonly stream: MediaStream;
  readonly buffer: PieceBuffer;
  /** Of the RTMP server, with the application: `rtmp://host:1936/live`. */
  readonly address: string;
  readonly program: string;
  readonly pieceSeconds: number;
  readonly logger: Logger;
  /** Is told when a stream begins and when it ends. */
  readonly onSession: (isRunning: boolean) => void;
}

/** Pauses between two looks whether somebody publishes, in milliseconds: what is sent in one is not had. */
const shortestPause = 250;
const longestPause = 3_000;

/**
 * Plays a stream whenever somebody publishes it, until the signal comes. What was sent before it is played is not had:
 * the server keeps nothing.
 */
export async function ingestStream(options: StreamIngestOptions, signal: AbortSignal): Promise<void> {
  const { logger, stream } = options;
  let pause = shortestPause;
  let complained = "";
  const isEnding = (): boolean => signal.aborted;
  while (!isEnding()) {
    const { pieces, end } = await playOnce(options, signal);
    const problem = pieces > 0 || end.isIdle || isEnding() ? "" : end.said;
    // Said once, and again only when it is another.
    if (problem !== "" && problem !== complained)
      logger.warn({ path: stream.path, said: problem }, "the stream can't be played");
    complained = problem;
    if (end.isIdle) logger.debug({ path: stream.path }, "nobody publishes the stream");
    pause = pieces > 0 ? shortestPause : Math.min(pause * 1.5, longestPause);
    await delay(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

async function playOnce(
  { stream, buffer, address, program, pieceSeconds, logger, onSession }: StreamIngestOptions,
  signal: AbortSignal,
): Promise<{ readonly pieces: number; readonly end: StreamEnd }> {
  const traceID = randomUUID();
  const session: { pieces: number; folder?: string } = { pieces: 0 };
  try {
    const folder = buffer.beginSession(Date.now(), traceID);
    session.folder = folder;
    // Read each time: the key may have changed.
    const url = `${address}/${readFileSync(stream.streamKeyFile, "utf8").trim()}`;
    const format = formatOf(stream);
    const end = await segmentStream({ program, url, folder, format, pieceSeconds, signal }, (piece) => {
      if (session.pieces === 0) {
        logger.info({ path: stream.path, traceID }, "a stream has begun");
        onSession(true);
      }
      const sequence = session.pieces;
      session.pieces += 1;
      try {
        buffer.add({ folder, file: piece.file, traceID, sequence, span: piece });
      } catch (error) {
        const file = join(folder, piece.file);
        logger.error(
          { err: error, path: stream.path, file },
          "a piece of a stream can't be taken from its file",
        );
      }
    });
    if (session.pieces > 0)
      logger.info({ path: stream.path, traceID, pieces: session.pieces }, "a stream has ended");
    return { pieces: session.pieces, end };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { pieces: session.pieces, end: { isIdle: false, said } };
  } finally {
    if (session.pieces > 0) onSession(false);
    if (session.folder !== undefined) buffer.endSession(session.folder);
  }
}
