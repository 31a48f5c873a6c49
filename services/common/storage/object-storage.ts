import { createHash } from "node:crypto";
import { IncomingMessage } from "node:http";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { endingOnSilence } from "./ending-on-silence";

/** What was stored. */
export interface StoredObject {
  /** Bytes. */
  readonly size: number;
  /** Digest of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/** How an object is stored. */
export interface UploadOptions {
  readonly contentType?: string;
  /** Ends the upload; nothing of it stays. */
  readonly signal?: AbortSignal;
}

/** The least that S3 takes as a part which isn't the last one. */
const partBytes = 5 * 1024 * 1024;
/** Parts on their way at once: with the one that is being filled, an upload takes 15 MiB of memory at most. */
const partsInFlight = 2;

/**
 * A server that takes a connection and then says nothing is given up: after this silence the SDK tries again, three times
 * in all. Without it who waits for the server would wait for ever.
 */
const defaultSilenceMs = 15_000;

/**
 * A bucket of S3, or of what speaks its protocol: where it is, and who the service is there, is in the environment as
 * the AWS SDK knows it (`AWS_ENDPOINT_URL_S3`, `AWS_REGION`, keys, or a role with a web identity).
 */
export class ObjectStorage {
  private readonly client: S3Client;

  /** @param silenceMs - when a server that says nothing is given up. @default 15 s */
  constructor(
    readonly bucket: string,
    options: S3ClientConfig = {},
    private readonly silenceMs = defaultSilenceMs,
  ) {
    const timeouts = { connectionTimeout: 5_000, socketTimeout: silenceMs };
    const ownServer = process.env["AWS_ENDPOINT_URL_S3"] !== undefined;
    // Servers of one's own rarely have a host name for each bucket.
    this.client = new S3Client({ forcePathStyle: ownServer, requestHandler: timeouts, ...options });
  }

  /** Most bytes of memory that one upload holds. */
  static readonly uploadBytes = partBytes * (partsInFlight + 1);

  /**
   * Stores a stream of any length, in parts. When the stream fails, or the signal says so, the parts are removed again,
   * which is not waited for. The stream is read to its end, or destroyed.
   *
   * @throws what the stream or the server failed with
   */
  async upload(
    key: string,
    body: Readable,
    { contentType, signal }: UploadOptions = {},
  ): Promise<StoredObject> {
    const digest = createHash("sha256");
    let size = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    // What fails in it, the upload fails with.
    pipeline(body, counted).catch(() => undefined);
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.bucket, Key: key, Body: counted, ContentType: contentType },
      partSize: partBytes,
      queueSize: partsInFlight,
      leavePartsOnError: true,
    });
    const done = upload.done();
    try {
      await Promise.race([done, ...(signal === undefined ? [] : [aborted(signal, done)])]);
    } catch (error) {
      counted.destroy();
      // A server that hangs would keep the caller as long again. No part is on its way any more then.
      void done.catch(() => this.removeParts(key, upload.uploadId));
      throw error;
    }
    return { size, sha256: digest.digest("hex") };
  }

  /** The bytes of an object, as they come, to a reader who may take as long as it needs. */
  async download(key: string, signal?: AbortSignal): Promise<Readable> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key });
    const { Body: body } = await this.client.send(command, { abortSignal: signal });
    if (body instanceof IncomingMessage) {
      // The SDK's limit takes a slow reader for a silent server.
      body.socket.setTimeout(0);
      return endingOnSilence(body, this.silenceMs);
    }
    if (body instanceof Readable) return body;
    throw new Error(`object ${key} came without a body`);
  }

  /** Removes an object; it is no error when there is none. */
  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  close(): void {
    this.client.destroy();
  }

  /** What can't be removed goes by the bucket's rules, or the server's own, after some days. */
  private async removeParts(key: string, uploadId: string | undefined): Promise<void> {
    if (uploadId === undefined) return;
    const command = new AbortMultipartUploadCommand({ Bucket: this.bucket, Key: key, UploadId: uploadId });
    await this.client.send(command).catch(() => undefined);
  }
}

/** Fails once the signal says so, unless something has ended before. */
async function aborted(signal: AbortSignal, before: Promise<unknown>): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      reject(new Error("the upload was ended"));
    };
    const end = (): void => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    signal.addEventListener("abort", abort, { once: true });
    before.then(end, end);
  });
}
