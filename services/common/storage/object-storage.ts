import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

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
const timeouts = { connectionTimeout: 5_000, socketTimeout: 15_000 };

/**
 * A bucket of S3, or of what speaks its protocol: where it is, and who the service is there, is in the environment as
 * the AWS SDK knows it (`AWS_ENDPOINT_URL_S3`, `AWS_REGION`, keys, or a role with a web identity).
 */
export class ObjectStorage {
  private readonly client: S3Client;

  constructor(
    readonly bucket: string,
    options: S3ClientConfig = {},
  ) {
    const ownServer = process.env["AWS_ENDPOINT_URL_S3"] !== undefined;
    // Servers of one's own rarely have a host name for each bucket.
    this.client = new S3Client({ forcePathStyle: ownServer, requestHandler: timeouts, ...options });
  }

  /** Most bytes of memory that one upload holds. */
  static readonly uploadBytes = partBytes * (partsInFlight + 1);

  /**
   * Stores a stream of any length, in parts. When the stream fails, or the signal says so, the parts are removed again.
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
    body.once("error", (error) => counted.destroy(error));
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.bucket, Key: key, Body: body.pipe(counted), ContentType: contentType },
      partSize: partBytes,
      queueSize: partsInFlight,
      leavePartsOnError: false,
    });
    const abort = (): void => {
      counted.destroy(new Error("the upload was ended"));
      void upload.abort();
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      signal?.throwIfAborted();
      await upload.done();
    } finally {
      signal?.removeEventListener("abort", abort);
    }
    return { size, sha256: digest.digest("hex") };
  }

  /** The bytes of an object, as they come. */
  async download(key: string, signal?: AbortSignal): Promise<Readable> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: key });
    const { Body: body } = await this.client.send(command, { abortSignal: signal });
    if (body instanceof Readable) return body;
    throw new Error(`object ${key} came without a body`);
  }

  /** Removes an object; it is no error when there is none. */
  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }

  /** Fails when the bucket can't be reached. */
  async check(): Promise<void> {
    await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }));
  }

  close(): void {
    this.client.destroy();
  }
}
