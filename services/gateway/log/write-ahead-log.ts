import { mkdirSync } from "node:fs";
import { unlink, type FileHandle } from "node:fs/promises";
import type { Logger } from "@algorun/common";
import { deferred } from "../delivery/deferred";
import type { PipelineMessage } from "../delivery/pipeline-message";
import { writeCheckpoint } from "./checkpoint";
import { DeliveryProgress } from "./delivery-progress";
import { HandOver } from "./hand-over";
import { LogFull } from "./log-full";
import { LogReader } from "./log-reader";
import { encodeRecord, type LoggedMessage } from "./log-record";
import { createSegment, writeAll, type LogSegment } from "./log-segment";
import type { LogSpace } from "./log-space";
import { takeBatch, type PendingAppend } from "./pending-append";
import { recoverLog } from "./recover-log";

/** Who comes behind a message that has waited longer would have to wait, too; the log takes it at once. */
const staleMs = 2_000;

/** A file that is smaller is kept, although all of it is delivered: to make another one takes longer than a write. */
const worthAFile = 64 * 1024;

/**
 * The messages of one topic that wait for Kafka, in files. A message is safe when {@link append} has resolved: whatever
 * came at the same time shares one `fsync`. Read and delivered in order; files all of whose messages are delivered are
 * removed.
 */
export class WriteAheadLog {
  private readonly segments: LogSegment[] = [];
  private readonly queue: PendingAppend[] = [];
  /** Records that the producer has already, so that they are not to be read. */
  private readonly onTheirWay = new Set<number>();
  private file: FileHandle | undefined;
  private readonly reader: LogReader;
  private writing = false;
  private nextToRead = 0;
  private progress = new DeliveryProgress(0);
  private saved = 0;
  private readonly waiting: (() => void)[] = [];
  private hasUnsent = false;
  /** See {@link HandOver}. */
  readonly handOver = new HandOver(() => this.isHandedOver);

  private constructor(
    private readonly folder: string,
    private readonly topic: string,
    private readonly space: LogSpace,
    private readonly segmentBytes: number,
    private readonly logger: Logger,
  ) {
    this.reader = new LogReader(topic);
  }

  /** Opens a log, with what an earlier process left in it. */
  static async open(options: {
    readonly folder: string;
    readonly topic: string;
    readonly space: LogSpace;
    readonly segmentBytes: number;
    readonly logger: Logger;
  }): Promise<WriteAheadLog> {
    const { folder, topic, space, segmentBytes, logger } = options;
    mkdirSync(folder, { recursive: true });
    const log = new WriteAheadLog(folder, topic, space, segmentBytes, logger);
    await log.recover();
    return log;
  }

  /** Number of the record that comes next. */
  get end(): number {
    const last = this.segments.at(-1);
    return Math.max(last === undefined ? 0 : last.firstNumber + last.count, this.progress.end);
  }

  /** Whether every message was read. */
  get isRead(): boolean {
    return this.nextToRead >= this.end;
  }

  /** Whether the producer has every message, so that others may follow without the log. */
  get isHandedOver(): boolean {
    return this.isRead && !this.hasUnsent && !this.writing && this.isFlowing;
  }

  /** Whether nothing in it has waited for long: Kafka takes what the producer has. */
  get isFlowing(): boolean {
    const { oldest } = this;
    return oldest === undefined || Date.now() - oldest < staleMs;
  }

  /** Messages that are not in Kafka yet. */
  get messages(): number {
    return this.progress.missing(this.end) + this.queue.length;
  }

  /** When the oldest of them was taken, about; undefined: there is none. */
  get oldest(): number | undefined {
    return this.progress.oldest(this.end);
  }

  /**
   * Resolves once the message is on disk.
   *
   * @param onItsWay - given when the producer has the message already: then it isn't sent again, unless this process ends
   * @throws {@link LogFull} when there is no room for it
   */
  async append(message: PipelineMessage, onItsWay?: Promise<void>): Promise<void> {
    const parts = encodeRecord(message);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const pending: PendingAppend = { ...deferred(), message, parts, bytes, onItsWay };
    if (!this.space.take(bytes)) throw new LogFull(`no room for ${bytes} bytes in the write-ahead log`);
    this.queue.push(pending);
    if (!this.writing) {
      this.writing = true;
      void this.write();
    }
    await pending.promise;
  }

  /** The next message that is to be sent, see {@link wasSent}; waits for one. Undefined: there may be one, or {@link wake} was called. */
  async next(): Promise<LoggedMessage | undefined> {
    const found = await this.read();
    // One that was written since the last look has woken nobody: it must not be waited for.
    if (found !== undefined || !this.isRead) return found;
    this.handOver.check();
    const { promise, resolve } = deferred();
    this.waiting.push(resolve);
    await promise;
    return undefined;
  }

  /** Has {@link next} return. */
  wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** The producer has what {@link next} returned last. */
  wasSent(): void {
    this.hasUnsent = false;
    this.handOver.check();
  }

  delivered(number: number): void {
    this.onTheirWay.delete(number);
    this.progress.wasDelivered(number);
  }

  /** Writes down what is delivered, and removes what is no longer needed. */
  async save(): Promise<void> {
    const { next, delivered } = this.progress;
    if (next + delivered.length === this.saved) return;
    let leastBytes = worthAFile;
    try {
      await writeCheckpoint(this.folder, { next, delivered: [...delivered] });
      this.saved = next + delivered.length;
    } catch (error) {
      // A full disk has no room to write down that there will be some: files of which all is delivered make it.
      leastBytes = 0;
      throw error;
    } finally {
      await this.removeDelivered(leastBytes);
    }
  }

  async close(): Promise<void> {
    await this.save().catch((error: unknown) => {
      this.logger.warn({ err: error, topic: this.topic }, "what is delivered can't be written down");
    });
    await this.reader.close();
    await this.file?.close();
  }

  /**
   * What is removed counts as delivered, whatever was written down.
   *
   * @param leastBytes - of a last file that is not kept for the next message
   */
  private async removeDelivered(leastBytes: number): Promise<void> {
    const last = this.segments.at(-1);
    const isIdle = !this.writing && this.isRead && this.messages === 0;
    // The next file must have another name: it may be made before this one is removed.
    if (isIdle && last !== undefined && last.count > 0 && last.bytes >= leastBytes) {
      const { file } = this;
      this.file = undefined;
      const closed = Promise.all([this.reader.close(), file?.close()]);
      await this.remove(this.segments.splice(0), closed);
      return;
    }
    const kept = this.segments.findIndex((segment) => !this.isDone(segment));
    await this.remove(this.segments.splice(0, Math.max(kept, 0)));
  }

  private async remove(segments: readonly LogSegment[], closed?: Promise<unknown>): Promise<void> {
    for (const { bytes } of segments) this.space.give(bytes);
    await closed;
    for (const { path } of segments) await unlink(path);
  }

  /** The last file stays: it is written to. */
  private isDone(segment: LogSegment): boolean {
    const isInUse = segment === this.reader.segment || segment === this.segments.at(-1);
    return !isInUse && segment.firstNumber + segment.count <= this.progress.next;
  }

  private async recover(): Promise<void> {
    const { segments, progress } = await recoverLog(this.folder, this.topic, this.logger);
    this.segments.push(...segments);
    for (const { bytes } of segments) this.space.takeExisting(bytes);
    this.progress = progress;
    this.nextToRead = progress.next;
    const { messages, topic } = this;
    if (messages > 0) this.logger.info({ topic, messages }, "messages of before are in the write-ahead log");
  }

  private async write(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = takeBatch(this.queue);
      try {
        await this.writeBatch(batch);
      } catch (error) {
        this.logger.error({ err: error, topic: this.topic }, "the write-ahead log can't be written");
        const full = new LogFull("the write-ahead log can't be written", { cause: error });
        for (const { bytes, reject } of batch) {
          this.space.give(bytes);
          reject(full);
        }
        continue;
      }
      for (const { resolve } of batch) resolve();
      this.wake();
    }
    this.writing = false;
    this.handOver.check();
  }

  private async writeBatch(batch: readonly PendingAppend[]): Promise<void> {
    const { file, segment } = await this.writable();
    const bytes = Buffer.concat(batch.flatMap(({ parts }) => parts));
    try {
      await writeAll(file, bytes, segment.bytes);
      await file.datasync();
    } catch (error) {
      // Nobody was told that these are safe. After a failed fsync the file is not to be trusted: another one is begun.
      this.file = undefined;
      await file.truncate(segment.bytes).catch(() => undefined);
      await file.close().catch(() => undefined);
      throw error;
    }
    for (const [index, pending] of batch.entries())
      this.wasWritten(segment.firstNumber + segment.count + index, pending);
    segment.count += batch.length;
    segment.bytes += bytes.length;
  }

  private wasWritten(number: number, { message, onItsWay }: PendingAppend): void {
    this.progress.wasTaken(number, message.timestamp);
    if (onItsWay === undefined) return;
    this.onTheirWay.add(number);
    void onItsWay.then(() => {
      this.delivered(number);
    });
  }

  private async writable(): Promise<{ file: FileHandle; segment: LogSegment }> {
    const last = this.segments.at(-1);
    if (this.file !== undefined && last !== undefined && last.bytes < this.segmentBytes)
      return { file: this.file, segment: last };
    const { file, segment } = await createSegment(this.folder, this.end);
    // An empty file whose name is the same was replaced.
    if (last?.firstNumber === segment.firstNumber) this.space.give(this.segments.pop()?.bytes ?? 0);
    await this.file?.close();
    this.file = file;
    this.segments.push(segment);
    this.space.takeExisting(segment.bytes);
    return { file, segment };
  }

  private async read(): Promise<LoggedMessage | undefined> {
    while (this.nextToRead < this.end) {
      const number = this.nextToRead;
      const message = await this.reader.recordAt(this.segments, number);
      this.nextToRead = number + 1;
      const isKnown = this.progress.has(number) || this.onTheirWay.has(number);
      if (message !== undefined && !isKnown) {
        this.hasUnsent = true;
        return { number, message };
      }
      if (message !== undefined) continue;
      if (!this.progress.has(number)) {
        this.logger.error(
          { topic: this.topic, number },
          "a message of the write-ahead log can't be read any more",
        );
      }
      this.delivered(number);
    }
    return undefined;
  }
}
