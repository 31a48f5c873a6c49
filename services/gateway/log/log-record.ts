import { crc32 } from "node:zlib";
import type { PipelineMessage } from "../delivery/pipeline-message";

/** A record that is to be sent. */
export interface LoggedMessage {
  readonly number: number;
  readonly message: PipelineMessage;
}

/** Begins every file: what it is, and in which version. */
export const fileHeader = Buffer.from("ALGOWAL1");

/** Before each record: its length and its checksum, 32 bits each. */
const frameBytes = 8;
const fixedBytes = 8 + 4 + 4;
/** What Kafka takes at the very most. */
const mostBytes = 1_100_000_000;

/** A record: frame, time, key, headers, value. The topic is that of the log. */
export function encodeRecord({ key, headers, value, timestamp }: PipelineMessage): readonly Buffer[] {
  const pairs = [...headers].flatMap(([name, content]) => [sized(name), sized(content)]);
  const headerBytes = pairs.reduce((sum, { length }) => sum + length, 0);
  const fixed = Buffer.alloc(fixedBytes);
  fixed.writeBigUInt64BE(BigInt(timestamp), 0);
  fixed.writeUInt32BE(key.length, 8);
  fixed.writeUInt32BE(headerBytes, 12);
  const parts = [fixed, key, ...pairs, value];
  const frame = Buffer.alloc(frameBytes);
  frame.writeUInt32BE(
    parts.reduce((sum, { length }) => sum + length, 0),
    0,
  );
  frame.writeUInt32BE(
    parts.reduce((checksum, part) => crc32(part, checksum), 0),
    4,
  );
  return [frame, ...parts];
}

function sized(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** What stands at a place of a file. */
export type DecodedRecord =
  | { readonly kind: "record"; readonly message: PipelineMessage; readonly bytes: number }
  /** More bytes are needed: so many from the place on. */
  | { readonly kind: "more"; readonly bytes: number }
  | { readonly kind: "damaged" };

/** Reads the record at the beginning of some bytes. The message keeps no hold of them. */
export function decodeRecord(bytes: Buffer, topic: string): DecodedRecord {
  if (bytes.length < frameBytes) return { kind: "more", bytes: frameBytes };
  const length = bytes.readUInt32BE(0);
  if (length < fixedBytes || length > mostBytes) return { kind: "damaged" };
  if (bytes.length < frameBytes + length) return { kind: "more", bytes: frameBytes + length };
  const body = Buffer.from(bytes.subarray(frameBytes, frameBytes + length));
  if (crc32(body) !== bytes.readUInt32BE(4)) return { kind: "damaged" };
  const keyEnd = fixedBytes + body.readUInt32BE(8);
  const headersEnd = keyEnd + body.readUInt32BE(12);
  if (headersEnd > length) return { kind: "damaged" };
  return {
    kind: "record",
    bytes: frameBytes + length,
    message: {
      topic,
      key: body.subarray(fixedBytes, keyEnd),
      headers: decodeHeaders(body.subarray(keyEnd, headersEnd)),
      value: body.subarray(headersEnd),
      timestamp: Number(body.readBigUInt64BE(0)),
    },
  };
}

function decodeHeaders(bytes: Buffer): Map<Buffer, Buffer> {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const headers = new Map<Buffer, Buffer>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [name, content] = parts.slice(index, index + 2);
    if (name !== undefined && content !== undefined) headers.set(name, content);
  }
  return headers;
}
