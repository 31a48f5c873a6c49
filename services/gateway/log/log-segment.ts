import { readdirSync } from "node:fs";
import { open, truncate, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { PipelineMessage } from "../delivery/pipeline-message";
import { decodeRecord, fileHeader } from "./log-record";

/** A file of a log: its records have numbers one after the other, from that in its name on. */
export interface LogSegment {
  readonly path: string;
  readonly firstNumber: number;
  /** Records that are safe on disk. */
  count: number;
  /** Bytes of the file that are safe on disk. */
  bytes: number;
}

const namePattern = /^(?<number>\d{16})\.log$/;
const chunkBytes = 256 * 1024;

function segmentPath(folder: string, firstNumber: number): string {
  return join(folder, `${String(firstNumber).padStart(16, "0")}.log`);
}

/** The files of a log, from the first to the last. */
export function listSegments(folder: string): readonly Pick<LogSegment, "path" | "firstNumber">[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const number = namePattern.exec(name)?.groups?.["number"];
      return number === undefined ? [] : [{ path: join(folder, name), firstNumber: Number(number) }];
    })
    .sort((a, b) => a.firstNumber - b.firstNumber);
}

/** Makes a file with nothing but its header. */
export async function createSegment(
  folder: string,
  firstNumber: number,
): Promise<{ segment: LogSegment; file: FileHandle }> {
  const path = segmentPath(folder, firstNumber);
  const file = await open(path, "w");
  try {
    await file.write(fileHeader, 0, fileHeader.length, 0);
    await file.datasync();
    await syncFolder(folder);
  } catch (error) {
    await file.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
  return { file, segment: { path, firstNumber, count: 0, bytes: fileHeader.length } };
}

/** Writes all bytes from a position on. */
export async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** Makes the names in a folder safe. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a file was found to hold. */
export interface SegmentScan {
  readonly segment: LogSegment;
  /** Times of the records. */
  readonly timestamps: readonly number[];
  /** Bytes behind the last whole record: what a crash left of the next one, or damage. */
  readonly rest: number;
}

/** Reads a file to its end, or to where it is damaged. */
export async function scanSegment(
  { path, firstNumber }: Pick<LogSegment, "path" | "firstNumber">,
  topic: string,
): Promise<SegmentScan> {
  const reader = await SegmentReader.open(path, topic);
  const timestamps: number[] = [];
  try {
    const size = await reader.size();
    for (;;) {
      const message = await reader.next(size);
      if (message === undefined) break;
      timestamps.push(message.timestamp);
    }
    const bytes = Math.max(reader.position, Math.min(size, fileHeader.length));
    return {
      segment: { path, firstNumber, count: timestamps.length, bytes },
      timestamps,
      rest: size - bytes,
    };
  } finally {
    await reader.close();
  }
}

/** Cuts off what is behind the last whole record. */
export async function cutSegment({ path, bytes }: LogSegment): Promise<void> {
  await truncate(path, bytes);
}

/** Reads the records of a file one after the other. */
export class SegmentReader {
  /** Where the next record begins. */
  position = fileHeader.length;
  private buffer = Buffer.alloc(0);
  private bufferAt = fileHeader.length;

  private constructor(
    private readonly file: FileHandle,
    private readonly topic: string,
  ) {}

  static async open(path: string, topic: string): Promise<SegmentReader> {
    return new SegmentReader(await open(path, "r"), topic);
  }

  async size(): Promise<number> {
    return (await this.file.stat()).size;
  }

  /**
   * The next record before `end`; undefined when there is none, or when it is damaged.
   *
   * @param end - bytes of the file that count
   */
  async next(end: number): Promise<PipelineMessage | undefined> {
    for (let wanted = 8; this.position + wanted <= end;) {
      if (!(await this.fill(wanted, end))) return undefined;
      const record = decodeRecord(this.buffer.subarray(this.position - this.bufferAt), this.topic);
      if (record.kind === "damaged") return undefined;
      if (record.kind === "record") {
        this.position += record.bytes;
        return record.message;
      }
      wanted = record.bytes;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** @returns whether so many bytes are there from the position on: a file may be shorter than it was */
  private async fill(wanted: number, end: number): Promise<boolean> {
    if (this.position + wanted <= this.bufferAt + this.buffer.length) return true;
    const length = Math.min(Math.max(wanted, chunkBytes), end - this.position);
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.file.read(buffer, filled, length - filled, this.position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.buffer = buffer.subarray(0, filled);
    this.bufferAt = this.position;
    return filled >= wanted;
  }
}
