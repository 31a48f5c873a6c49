import type { RecordsBatch } from "@platformatic/kafka";
import { committedBatches, lastOffset, type AbortedTransaction } from "./read-committed";

/** A message as Kafka has it. */
export interface FetchedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: Buffer, value: Buffer])[];
}

/** What a fetch of one partition brought. */
export interface FetchedPartition {
  readonly messages: readonly FetchedMessage[];
  /** Offset to go on from. */
  readonly next: bigint;
}

/** The committed messages of a partition from an offset on: a batch may begin before it. */
export function readFetched(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  from: bigint,
  batches: readonly RecordsBatch[],
  aborted: readonly AbortedTransaction[],
): FetchedPartition {
  const messages = committedBatches(batches, aborted).flatMap((batch) =>
    batch.records.flatMap(({ offsetDelta, timestampDelta, key, value, headers }): FetchedMessage[] => {
      const offset = batch.firstOffset + BigInt(offsetDelta);
      if (offset < from) return [];
      const pairs = headers.map(
        ([name, content]) => [name ?? Buffer.alloc(0), content ?? Buffer.alloc(0)] as const,
      );
      return [
        {
          topic,
          partition,
          offset,
          timestamp: batch.firstTimestamp + timestampDelta,
          key,
          value,
          headers: pairs,
        },
      ];
    }),
  );
  const last = batches.at(-1);
  return { messages, next: last === undefined ? from : lastOffset(last) + 1n };
}

/** About how much memory a message holds. */
export function bytesOf({ key, value, headers }: MessageContent): number {
  let ofHeaders = 0;
  for (const [name, content] of headers) ofHeaders += name.length + content.length;
  return (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders + 100;
}

interface MessageContent {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Iterable<readonly [Buffer, Buffer]>;
}
