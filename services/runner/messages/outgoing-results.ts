import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  encodeHeaders,
  writeFileReference,
  type MessageHeaders,
  type ObjectStorage,
  type OutgoingMessage,
} from "@algorun/common";
import { embeddedBytes } from "../execute/collect";
import type { Produced } from "../execute/executor";
import { RunFailure, SurroundingsFailure } from "../failure";
import { digest } from "./run-name";

/** What results are made into messages with. */
export interface ResultContext {
  readonly component: string;
  readonly run: string;
  readonly key: Buffer | null;
  /** Of the message that they come from. */
  readonly headers: MessageHeaders;
  readonly trace: Pick<MessageHeaders, "traceparent" | "tracestate">;
  readonly storage: ObjectStorage | undefined;
  readonly signal: AbortSignal;
}

/** A message, and how many bytes it carries, or points to. */
export interface Result {
  readonly output: string;
  readonly message: OutgoingMessage;
  readonly dataBytes: number;
}

/** Results as messages; those that are large are in object storage before the message that points to them is written. */
export async function resultMessages(
  produced: readonly Produced[],
  context: ResultContext,
): Promise<readonly Result[]> {
  const kept = produced.filter(({ output }) => output.topic !== undefined);
  const results: Result[] = [];
  for (const [place, each] of kept.entries()) results.push(await resultMessage(each, place, context));
  return results;
}

async function resultMessage(produced: Produced, place: number, context: ResultContext): Promise<Result> {
  const { output } = produced;
  const { run, key, trace } = context;
  const headers = resultHeaders(produced, place, context);
  const { value, dataBytes } =
    output.messageDataType === "FileReference"
      ? await stored(produced, place, headers, context)
      : await embedded(produced);
  return {
    output: output.name,
    dataBytes,
    message: {
      topic: output.topic ?? "",
      key,
      value,
      headers: encodeHeaders({ ...headers, ...trace, run, messageDataType: output.messageDataType }),
    },
  };
}

function resultHeaders(
  { output, contentType, fileName }: Produced,
  place: number,
  context: ResultContext,
): MessageHeaders {
  const { headers, run } = context;
  const name = fileName ?? headers.fileName;
  const type = exactType(output.contentType) ?? contentType ?? headers.contentType;
  return {
    ...(headers.traceID === undefined ? {} : { traceID: headers.traceID }),
    ...(headers.endpointParams === undefined ? {} : { endpointParams: headers.endpointParams }),
    messageID: digest(run, output.name, String(place)),
    ...(type === undefined ? {} : { contentType: type }),
    ...(name === undefined ? {} : { fileName: name }),
    others: headers.others.filter(
      ([header]) => !header.startsWith("error") && !header.startsWith("original"),
    ),
  };
}

/** A type that stands for several says nothing of this one. */
function exactType(type: string): string | undefined {
  return /^[^/*\s]+\/(?!any$)[^/*\s]+/i.test(type) ? type : undefined;
}

async function embedded({ content, output }: Produced): Promise<{ value: Buffer; dataBytes: number }> {
  if ("bytes" in content) return { value: content.bytes, dataBytes: content.bytes.length };
  const { size } = await stat(content.file);
  if (size > embeddedBytes)
    throw new RunFailure(
      "OutputTooLarge",
      `the output ${output.name} has ${size} bytes; messageDataType FileReference takes it`,
    );
  return { value: await readFile(content.file), dataBytes: size };
}

async function stored(
  { content, output }: Produced,
  place: number,
  { contentType, fileName }: MessageHeaders,
  { storage, component, run, signal }: ResultContext,
): Promise<{ value: Buffer; dataBytes: number }> {
  if (storage === undefined) throw new Error("the configuration names no bucket");
  const key = [component, output.name, run, String(place)].join("/");
  const body =
    "bytes" in content
      ? Readable.from([content.bytes], { objectMode: false })
      : createReadStream(content.file);
  try {
    const { size, sha256 } = await storage.upload(key, body, {
      signal,
      // S3 keeps it as a header of HTTP.
      ...(contentType !== undefined && /^[\x20-\x7e]+$/.test(contentType) ? { contentType } : {}),
    });
    const reference = { bucket: storage.bucket, key, size, sha256, contentType, fileName };
    return { value: writeFileReference(reference), dataBytes: size };
  } catch (error) {
    signal.throwIfAborted();
    throw new SurroundingsFailure(`object storage: ${String(error)}`, { cause: error });
  }
}
