import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { RecordsBatch } from "@platformatic/kafka";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from "../kafka/group-protocol";
import { assignPartitions } from "../kafka/partition-assignment";
import { committedBatches } from "../kafka/read-committed";

/** A transaction of a producer: how many batches, and whether it is committed. */
const transactions = fc.array(
  fc.record({ producer: fc.nat(3), batches: fc.nat(3), isCommitted: fc.boolean(), isPlain: fc.boolean() }),
  { maxLength: 20 },
);

function batch(
  producerId: bigint,
  firstOffset: bigint,
  attributes: number,
  key: Buffer | null,
): RecordsBatch {
  const record = {
    length: 0,
    attributes: 0,
    timestampDelta: 0n,
    offsetDelta: 0,
    key,
    value: null,
    headers: [],
  };
  const rest = { length: 0, partitionLeaderEpoch: 0, magic: 2, crc: 0, firstTimestamp: 0n, maxTimestamp: 0n };
  return {
    ...rest,
    producerId,
    firstOffset,
    attributes,
    lastOffsetDelta: 0,
    producerEpoch: 0,
    firstSequence: 0,
    records: [record],
  };
}

describe("what a reader of committed messages sees", () => {
  it("is all that is committed and nothing else, however often a producer gives up, wherever a fetch begins", () => {
    fc.assert(
      fc.property(transactions, fc.nat(60), (given, from) => {
        const log: RecordsBatch[] = [];
        const aborted: { producerId: bigint; firstOffset: bigint; end: bigint }[] = [];
        const visible: bigint[] = [];
        let offset = 0n;
        for (const { producer, batches, isCommitted, isPlain } of given) {
          const producerId = BigInt(producer);
          const firstOffset = offset;
          for (let count = 0; count < batches; count += 1) {
            if (isPlain || isCommitted) visible.push(offset);
            log.push(batch(producerId, offset++, isPlain ? 0 : 0b1_0000, null));
          }
          if (isPlain) continue;
          // An abort without a batch before it is in the log, and in no list of aborted transactions.
          if (!isCommitted && batches > 0) aborted.push({ producerId, firstOffset, end: offset });
          log.push(batch(producerId, offset++, 0b11_0000, Buffer.from([0, 0, 0, isCommitted ? 1 : 0])));
        }
        const start = BigInt(from);
        const fetched = log.filter(({ firstOffset }) => firstOffset >= start);
        const listed = aborted.filter(({ end }) => end >= start);
        assert.deepEqual(
          committedBatches(fetched, listed).map(({ firstOffset }) => firstOffset),
          visible.filter((seen) => seen >= start),
        );
      }),
    );
  });
});

describe("partitions that a group shares", () => {
  const names = ["a", "b", "c"];
  const members = fc.uniqueArray(
    fc.record({ memberId: fc.stringMatching(/^[a-z]{1,6}$/), topics: fc.subarray(names) }),
    { selector: ({ memberId }) => memberId, maxLength: 6 },
  );
  const counts = fc.array(fc.nat(9), { minLength: 3, maxLength: 3 });

  it("have one owner each, who reads their topic, whatever the order of members", () => {
    fc.assert(
      fc.property(members, counts, (group, sizes) => {
        const partitions = new Map(names.map((name, index) => [name, sizes[index] ?? 0]));
        const shares = assignPartitions(group, partitions);
        assert.deepEqual(assignPartitions(group.toReversed(), partitions), shares);
        for (const [topic, count] of partitions) {
          const readers = group.filter(({ topics }) => topics.includes(topic));
          const owned = [...shares.values()]
            .flatMap((share) => [...(share.get(topic) ?? [])])
            .sort((a, b) => a - b);
          assert.deepEqual(
            owned,
            readers.length === 0 ? [] : Array.from({ length: count }, (_, index) => index),
          );
        }
        for (const { memberId, topics } of group) {
          const share = shares.get(memberId);
          assert.ok(share);
          assert.ok([...share.keys()].every((topic) => topics.includes(topic)));
          assert.deepEqual(decodeAssignment(encodeAssignment(share)), share);
          assert.deepEqual(decodeSubscription(encodeSubscription(topics)), topics);
        }
      }),
    );
  });
});
