import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { SpanKind, SpanStatusCode, trace, type Context, type Tracer } from "@opentelemetry/api";
import {
  encodeHeaders,
  ObjectStorage,
  traceHeaders,
  writeFileReference,
  type FileReference,
  type Logger,
  type MessageHeaders,
} from "@algorun/common";
import type { RequestPath } from "../configuration/gateway-config";
import type { Delivery, Safe } from "../delivery/delivery";
import type { PipelineMessage } from "../delivery/pipeline-message";
import { BodyPace, tooLarge } from "../limits/body-pace";
import type { ByteBudget } from "../limits/byte-budget";
import { memoryOfUpload, withUploadMemory } from "../limits/upload-slots";
import { isAccepted, typeByDefault } from "./content-type";
import { GatewayProblem } from "./gateway-problem";

/** What came in, by whatever protocol. */
export interface Delivered {
  readonly traceId: string;
  readonly messageId: string;
  readonly safe: Safe;
  /** Bytes of the body. */
  readonly size: number;
}

/** A request whose body has not been read yet. */
export interface IntakeRequest {
  readonly path: RequestPath;
  readonly traceId: string;
  /** Undefined: the request doesn't say. */
  readonly contentType: string | undefined;
  readonly fileName?: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Read as slowly as the gateway can take it; fails when the caller goes away. */
  readonly body: AsyncIterable<Buffer>;
  /** Bytes of the body, where the request says so. */
  readonly length: number | undefined;
  /** The caller's trace. */
  readonly context: Context;
}

/** Where files go. */
type IntakeStorage = Pick<ObjectStorage, "bucket" | "upload" | "remove">;

/** What an intake is made from. */
export interface IntakeOptions {
  readonly delivery: Delivery;
  readonly storage: IntakeStorage | undefined;
  /** Memory for bodies that become messages. */
  readonly bodies: ByteBudget;
  /** Memory for parts on their way to object storage. */
  readonly uploads: ByteBudget;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

/** Leaves what Kafka needs of the 64 KiB that the planner keeps free beside a body. */
const mostHeaderBytes = 60 * 1024;

/** What the headers of a message say, and as Kafka carries them. */
interface MessageHead {
  readonly said: MessageHeaders & { readonly messageID: string };
  readonly encoded: ReadonlyMap<Buffer, Buffer>;
}

/** Makes messages of requests: reads the body within its bounds, and answers once the message is safe. */
export class Intake {
  constructor(private readonly options: IntakeOptions) {}

  /** @throws GatewayProblem when the request is refused; nothing of it stays then, unless its message may still arrive */
  async take(request: IntakeRequest): Promise<Delivered> {
    const { path, traceId, context } = request;
    const span = this.options.tracer.startSpan(
      `endpoint ${path.name}`,
      {
        kind: SpanKind.PRODUCER,
        attributes: { "messaging.destination.name": path.topic, "algorun.trace_id": traceId },
      },
      context,
    );
    try {
      const head = this.head(request, trace.setSpan(context, span));
      return path.messageDataType === "Embedded"
        ? await this.embed(request, head)
        : await this.store(request, head);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  private head(request: IntakeRequest, context: Context): MessageHead {
    const { path, contentType = typeByDefault(path.contentType) } = request;
    if (request.contentType !== undefined && !isAccepted(contentType, path.contentType)) {
      throw new GatewayProblem(
        "wrongType",
        `found ${contentType.slice(0, 100)}, expected ${path.contentType ?? ""}`,
      );
    }
    if (request.length !== undefined && request.length > path.maxBodyBytes) throw tooLarge(path.maxBodyBytes);
    const said = {
      traceID: request.traceId,
      messageID: randomUUID(),
      contentType,
      messageDataType: path.messageDataType,
      ...(request.fileName === undefined ? {} : { fileName: request.fileName }),
      ...(Object.keys(request.parameters).length === 0 ? {} : { endpointParams: request.parameters }),
      ...traceHeaders(context),
      others: [],
    };
    const encoded = encodeHeaders(said);
    let bytes = 0;
    for (const [name, value] of encoded) bytes += name.length + value.length;
    if (bytes <= mostHeaderBytes) return { said, encoded };
    throw new GatewayProblem(
      "headersTooLarge",
      `query parameters and file name take more than ${mostHeaderBytes} bytes`,
    );
  }

  private async embed(request: IntakeRequest, head: MessageHead): Promise<Delivered> {
    const lease = this.options.bodies.lease();
    try {
      const pace = new BodyPace(request.path.maxBodyBytes);
      const chunks: Buffer[] = [];
      for await (const chunk of request.body) {
        pace.came(chunk.length);
        await lease.grow(chunk.length);
        chunks.push(chunk);
      }
      return await this.deliver(request, head, Buffer.concat(chunks), pace.size);
    } finally {
      lease.end();
    }
  }

  private async store(request: IntakeRequest, head: MessageHead): Promise<Delivered> {
    const { storage, uploads } = this.options;
    if (storage === undefined) throw new GatewayProblem("failed", "there is no object storage");
    const memory = memoryOfUpload(ObjectStorage.uploadBytes, request.length);
    const key = `${request.path.name}/${request.traceId}/${head.said.messageID}`;
    return await withUploadMemory(uploads, memory, async () => {
      const reference = await this.upload(storage, key, request, head.said);
      try {
        return await this.deliver(request, head, writeFileReference(reference), reference.size);
      } catch (error) {
        // A message that arrives in spite of the error must not point to nothing.
        if (error instanceof GatewayProblem && !error.mayArrive) await this.remove(storage, key);
        throw error;
      }
    });
  }

  private async upload(
    storage: IntakeStorage,
    key: string,
    request: IntakeRequest,
    headers: MessageHeaders,
  ): Promise<FileReference> {
    const { fileName, contentType } = headers;
    const pace = new BodyPace(request.path.maxBodyBytes);
    let failure: Error | undefined;
    async function* paced(): AsyncGenerator<Buffer> {
      try {
        for await (const chunk of request.body) {
          pace.came(chunk.length);
          yield chunk;
        }
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    }
    try {
      const stored = await storage.upload(key, Readable.from(paced(), { objectMode: false }), {
        contentType,
      });
      return { bucket: storage.bucket, key, ...stored, contentType, fileName };
    } catch (error) {
      // The caller's fault, or ours.
      if (failure !== undefined) throw failure;
      this.options.logger.error({ err: error }, "object storage does not take a file");
      throw new GatewayProblem("unavailable", "object storage does not take files at present", {
        retryAfterSeconds: 5,
        cause: error,
      });
    }
  }

  private async remove(storage: IntakeStorage, key: string): Promise<void> {
    try {
      await storage.remove(key);
    } catch (error) {
      this.options.logger.error(
        { err: error, key },
        "an object stays in the bucket that no message refers to",
      );
    }
  }

  private async deliver(
    { path, traceId }: IntakeRequest,
    { said, encoded }: MessageHead,
    value: Buffer,
    size: number,
  ): Promise<Delivered> {
    const message: PipelineMessage = {
      topic: path.topic,
      key: Buffer.from(traceId),
      headers: encoded,
      value,
      timestamp: Date.now(),
    };
    const safe = await this.options.delivery.accept(message);
    return { traceId, messageId: said.messageID, safe, size };
  }
}
