/** A message for a topic, with all that Kafka is given of it. */
export interface PipelineMessage {
  readonly topic: string;
  /** Messages with the same key keep their order. */
  readonly key: Buffer;
  readonly headers: ReadonlyMap<Buffer, Buffer>;
  readonly value: Buffer;
  /** When it was taken: milliseconds since 1970. */
  readonly timestamp: number;
}

/** What Kafka adds to a message, and what an object takes beside its bytes. */
const framing = 64;

/** Bytes that a message takes. */
export function messageBytes({ key, headers, value }: PipelineMessage): number {
  let bytes = framing + key.length + value.length;
  for (const [name, content] of headers) bytes += name.length + content.length + 8;
  return bytes;
}
