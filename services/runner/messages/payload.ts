import { createWriteStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  readFileReference,
  type FileReference,
  type MessageHeaders,
  type ObjectStorage,
} from "@algorun/common";
import { failureOf, RunFailure, SurroundingsFailure } from "../failure";

/** The bytes of a message, wherever they are. */
export interface Payload {
  readonly contentType: string | undefined;
  readonly fileName: string | undefined;
  /** Bytes; undefined: not known. */
  readonly size: number | undefined;
  /** The bytes, where they are in memory; undefined: they are elsewhere. */
  readonly bytes: Buffer | undefined;
  /** The bytes as they come. */
  open(signal: AbortSignal): Promise<Readable>;
  /** Writes the bytes to a file. */
  save(file: string, signal: AbortSignal): Promise<void>;
}

/**
 * The bytes of a message: in the message itself, or where it points to.
 *
 * @throws RunFailure when it should point somewhere, and doesn't, or to another bucket than the pipeline's
 */
export function payloadOf(
  value: Buffer | null,
  headers: MessageHeaders,
  storage: ObjectStorage | undefined,
): Payload {
  const bytes = value ?? Buffer.alloc(0);
  if (headers.messageDataType !== "FileReference") return new EmbeddedPayload(bytes, headers);
  const reference = readFileReference(bytes);
  if (reference === undefined)
    throw new RunFailure("InputMissing", "the message should point to an object, and holds something else");
  if (storage === undefined || reference.bucket !== storage.bucket)
    throw new RunFailure(
      "InputMissing",
      `the message points to the bucket ${reference.bucket}, which is not the pipeline's`,
    );
  return new StoredPayload(reference, headers, storage);
}

class EmbeddedPayload implements Payload {
  constructor(
    readonly bytes: Buffer,
    private readonly headers: MessageHeaders,
  ) {}

  get contentType(): string | undefined {
    return this.headers.contentType;
  }

  get fileName(): string | undefined {
    return this.headers.fileName;
  }

  get size(): number {
    return this.bytes.length;
  }

  open(): Promise<Readable> {
    return Promise.resolve(Readable.from([this.bytes], { objectMode: false }));
  }

  async save(file: string, signal: AbortSignal): Promise<void> {
    await pipeline(await this.open(), createWriteStream(file), { signal });
  }
}

class StoredPayload implements Payload {
  readonly bytes = undefined;

  constructor(
    private readonly reference: FileReference,
    private readonly headers: MessageHeaders,
    private readonly storage: ObjectStorage,
  ) {}

  get contentType(): string | undefined {
    return this.reference.contentType ?? this.headers.contentType;
  }

  get fileName(): string | undefined {
    return this.reference.fileName ?? this.headers.fileName;
  }

  get size(): number {
    return this.reference.size;
  }

  async open(signal: AbortSignal): Promise<Readable> {
    const { key } = this.reference;
    try {
      return failingAs(await this.storage.download(key, signal), (error) => storageFailure(error, key));
    } catch (error) {
      signal.throwIfAborted();
      throw storageFailure(error, key);
    }
  }

  async save(file: string, signal: AbortSignal): Promise<void> {
    const stream = await this.open(signal);
    try {
      await pipeline(stream, createWriteStream(file), { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error);
    }
  }
}

/** The same bytes, with another error when they end too early. */
function failingAs(source: Readable, errorOf: (error: unknown) => Error): Readable {
  const passed = new PassThrough();
  source.once("error", (error) => passed.destroy(errorOf(error)));
  passed.once("close", () => source.destroy());
  return source.pipe(passed);
}

/** An object that is not there will not come; all else that object storage refuses may pass. */
function storageFailure(error: unknown, key: string): RunFailure | SurroundingsFailure {
  const isMissing = error instanceof Error && (error.name === "NoSuchKey" || error.name === "NotFound");
  if (isMissing) return new RunFailure("InputMissing", `the object ${key} is not there`);
  return new SurroundingsFailure(`object storage: ${String(error)}`, { cause: error });
}
