import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger, Metrics } from "@algorun/common";
import { ingestMetrics, type IngestMetrics } from "./ingest-metrics";
import { formatOf, type MediaStream } from "./media-stream";
import { PieceBuffer, type PieceBufferOptions } from "./piece-buffer";
import { deliverPieces, type MessageSender, type PieceStore } from "./piece-delivery";
import { ingestStream } from "./stream-ingest";

/** What media streams are taken in with. */
export interface MediaIngestOptions {
  readonly streams: readonly MediaStream[];
  /** Of the RTMP server, with the application: `rtmp://host:1936/live`. */
  readonly address: string;
  /** Folder for pieces that wait; on a volume that outlives the pod, they outlive it, too. */
  readonly folder: string;
  /** Most bytes of pieces that wait, of all streams together. */
  readonly bufferBytes: number;
  readonly store: PieceStore;
  readonly send: MessageSender;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Length of a piece, in seconds; it ends with the first key frame after. @default 4 */
  readonly pieceSeconds?: number;
  /** @default the ffmpeg on the PATH */
  readonly ffmpeg?: string;
}

/** Pause between two looks whether all is safe, in milliseconds. */
const drainInterval = 50;
/** Pauses until the buffer of a stream is opened again, in milliseconds. */
const shortestPause = 250;
const longestPause = 30_000;

/**
 * Plays the media streams of an endpoint, and brings them in pieces into object storage and Kafka. What is away for a while
 * loses nothing: pieces wait on disk, up to a bound, then the oldest go.
 *
 * A stream is to be played by one process only, since each would send all of it.
 */
export class MediaIngest {
  private readonly playing = new AbortController();
  private readonly delivering = new AbortController();
  private readonly buffers: PieceBuffer[] = [];
  private readonly players: Promise<void>[] = [];
  private readonly deliveries: Promise<void>[] = [];
  private readonly metrics: IngestMetrics;

  constructor(private readonly options: MediaIngestOptions) {
    this.metrics = ingestMetrics(options.metrics, () =>
      this.buffers.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }

  /** Pieces that are not safe yet. */
  get waiting(): number {
    return this.buffers.reduce((sum, { pieces }) => sum + pieces, 0);
  }

  /** Begins to play; what an earlier process left behind is sent first. */
  start(): void {
    for (const stream of this.options.streams) this.players.push(this.play(stream));
  }

  private async play(stream: MediaStream): Promise<void> {
    const { address, ffmpeg = "ffmpeg", logger, pieceSeconds = 4, send, store } = this.options;
    const { path } = stream;
    const buffer = await this.openBuffer(stream);
    if (buffer === undefined) return;
    this.buffers.push(buffer);
    const onDelivered = (): void => {
      this.metrics.delivered.inc({ path });
    };
    this.deliveries.push(
      deliverPieces({ stream, buffer, store, send, logger, onDelivered }, this.delivering.signal),
    );
    const onSession = (isRunning: boolean): void => {
      this.metrics.publishing.set({ path }, isRunning ? 1 : 0);
    };
    const played = { stream, buffer, address, program: ffmpeg, pieceSeconds, logger, onSession };
    await ingestStream(played, this.playing.signal);
  }

  /** Tried until there is room for it: requests need the process meanwhile. @returns undefined when it is to end before */
  private async openBuffer(stream: MediaStream): Promise<PieceBuffer | undefined> {
    const { bufferBytes, folder, logger, streams } = this.options;
    const { path } = stream;
    const options: PieceBufferOptions = {
      folder: join(folder, path),
      extension: formatOf(stream).extension,
      maxBytes: bufferBytes / streams.length,
      onDropped: ({ traceID, sequence }) => {
        this.metrics.dropped.inc({ path });
        logger.error({ path, traceID, sequence }, "a piece of a stream is lost: the buffer is full");
      },
      onLeft: (error) => {
        logger.warn({ err: error, path }, "a piece of a stream stays in the buffer, and will be sent again");
      },
    };
    const { signal } = this.playing;
    for (let pause = shortestPause; !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      try {
        return new PieceBuffer(options);
      } catch (error) {
        logger.error({ err: error, path }, "the stream can't be played: its pieces can't be kept");
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  /**
   * Ends all streams with whole last pieces, and brings to safety what waits.
   *
   * @param graceMs - how long; what is not safe by then stays on disk for the next process
   * @returns the number of pieces that stay
   */
  async stop(graceMs: number): Promise<number> {
    this.playing.abort();
    await Promise.all(this.players);
    const end = Date.now() + graceMs;
    while (this.waiting > 0 && Date.now() < end) await delay(drainInterval);
    this.delivering.abort();
    await Promise.all(this.deliveries);
    return this.waiting;
  }
}
