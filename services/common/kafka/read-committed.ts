import type { RecordsBatch } from "@platformatic/kafka";

/** A transaction that was given up, as a fetch names it: from this offset on, until the producer's next abort marker. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

const isTransactional = 0b1_0000;
const isControl = 0b10_0000;
/** Type of a control record that ends a transaction that was given up. */
const abortMarker = 0;

/**
 * The batches of a fetch that a reader of committed messages may see: neither control batches nor those of aborted
 * transactions. A producer may have given up several, and their markers need not be in the same fetch, so batches are
 * gone through in order, as the client of Apache Kafka does.
 */
export function committedBatches(
  batches: readonly RecordsBatch[],
  aborted: readonly AbortedTransaction[],
): readonly RecordsBatch[] {
  const begins = aborted.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const open = new Set<bigint>();
  let next = 0;
  return batches.filter((batch) => {
    for (
      let begin = begins[next];
      begin !== undefined && begin.firstOffset <= lastOffset(batch);
      begin = begins[next]
    ) {
      open.add(begin.producerId);
      next += 1;
    }
    if ((batch.attributes & isControl) !== 0) {
      const key = batch.records[0]?.key;
      if (key && key.length >= 4 && key.readInt16BE(2) === abortMarker) open.delete(batch.producerId);
      return false;
    }
    return (batch.attributes & isTransactional) === 0 || !open.has(batch.producerId);
  });
}

/** Offset of a batch's last record, be it that compaction has removed it. */
export function lastOffset({ firstOffset, lastOffsetDelta }: RecordsBatch): bigint {
  return firstOffset + BigInt(lastOffsetDelta);
}
