import assert from "node:assert/strict";
import fc from "fast-check";
import { automaticPartitions, partitionDecreases } from "../../pipelines/model/topics/partitions";

const readers = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 6 });

/** Partitions for readers with so many replicas each. */
function partitionsFor(replicas: readonly number[]): number {
  return automaticPartitions(
    replicas.map((count, index) => ({ component: `reader-${index}`, replicas: count })),
  ).partitions;
}

describe("automatic partitions", () => {
  const table: readonly (readonly [given: readonly number[], want: number])[] = [
    [[], 2], // 1 × 1.5, rounded
    [[1], 3], // (1 + max(1, 1)) × 1.5
    [[3], 6], // (1 + 3) × 1.5
    [[6], 11], // (1 + 6) × 1.5 = 10.5, rounded up
    [[1, 6], 12], // 1 + 1 = 2, 2 + 6 = 8, × 1.5
    [[6, 1], 12], // the order of pipes makes no difference
    [[2, 2, 2], 18], // 1 + 2 = 3, 3 + 3 = 6, 6 + 6 = 12, × 1.5
  ];
  for (const [given, want] of table) {
    it(`are ${want} for readers of ${JSON.stringify(given)} replicas`, () => {
      assert.equal(partitionsFor(given), want);
    });
  }

  it("come with the sum that gave them", () => {
    const readers = [
      { component: "large", replicas: 6 },
      { component: "small", replicas: 1 },
    ];
    assert.deepEqual(automaticPartitions(readers), {
      partitions: 12,
      readers: [
        { component: "small", replicas: 1, adds: 1 },
        { component: "large", replicas: 6, adds: 6 },
      ],
      sum: 8,
    });
  });

  it("do not depend on the order of the readers", () => {
    fc.assert(
      fc.property(readers, (given) => {
        assert.equal(partitionsFor(given), partitionsFor([...given].reverse()));
      }),
    );
  });

  it("never fall when a reader grows or another one comes", () => {
    fc.assert(
      fc.property(readers, fc.nat(5), fc.integer({ min: 1, max: 50 }), (given, index, more) => {
        const grown = given.map((count, position) => (position === index ? count + more : count));
        assert.ok(partitionsFor(grown) >= partitionsFor(given));
        assert.ok(partitionsFor([...given, more]) >= partitionsFor(given));
      }),
    );
  });

  it("are enough for every replica of every reader to work", () => {
    fc.assert(
      fc.property(readers, (given) => {
        assert.ok(given.every((count) => partitionsFor(given) >= count));
      }),
    );
  });
});

describe("partition decreases", () => {
  it("are named with both counts and the ways out", () => {
    const planned = [
      { name: "b", partitions: 3 },
      { name: "a", partitions: 6 },
      { name: "new", partitions: 1 },
    ];
    assert.deepEqual(
      partitionDecreases({ a: 6, b: 12, gone: 4 }, planned).map(({ message }) => message),
      [
        "topic b: found 3 partitions, expected at least the 12 that it has, since Kafka can't remove any; keep 12 " +
          "with autoPartition: false and partitions: 12, or give the output a new topicName, and name this one in its replaces until its readers are done",
      ],
    );
  });

  it("are none when nothing falls", () => {
    assert.deepEqual(partitionDecreases({ a: 3 }, [{ name: "a", partitions: 4 }]), []);
  });
});
