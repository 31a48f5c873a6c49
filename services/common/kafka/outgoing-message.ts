/** A message that is written. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: ReadonlyMap<Buffer, Buffer>;
}

/** What comes of one message. */
export type Written = readonly OutgoingMessage[];
