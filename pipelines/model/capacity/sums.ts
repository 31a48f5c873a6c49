import { dividedUp } from "../values/amount";
import { distinct } from "../values/text";
import type { AmountRange, BrokerUse, KafkaUse, QuotaUse, TopicCapacity } from "./capacity";

/** What several take together, name by name. */
export function sumOfUses(uses: readonly QuotaUse[]): QuotaUse {
  const names = distinct(uses.flatMap(Object.keys));
  return Object.fromEntries(names.map((name) => [name, sumOf(uses.flatMap((use) => use[name] ?? []))]));
}

function sumOf(ranges: readonly AmountRange[]): AmountRange {
  return ranges.reduce((sum, { least, most }) => ({ least: sum.least + least, most: sum.most + most }), {
    least: 0n,
    most: 0n,
  });
}

/** What topics take of Kafka together. */
export function kafkaUse(topics: readonly TopicCapacity[]): KafkaUse {
  return sumOfKafka(
    topics.map(({ partitions, copies, storage: { bytes } }) => ({
      topics: 1,
      partitions,
      copies,
      bytes: bytes ?? 0n,
      topicsOfUnknownSize: bytes === undefined ? 1 : 0,
    })),
  );
}

/** What several take of Kafka together. */
export function sumOfKafka(uses: readonly KafkaUse[]): KafkaUse {
  return uses.reduce(
    (sum, use) => ({
      topics: sum.topics + use.topics,
      partitions: sum.partitions + use.partitions,
      copies: sum.copies + use.copies,
      bytes: sum.bytes + use.bytes,
      topicsOfUnknownSize: sum.topicsOfUnknownSize + use.topicsOfUnknownSize,
    }),
    { topics: 0, partitions: 0, copies: 0, bytes: 0n, topicsOfUnknownSize: 0 },
  );
}

/**
 * What falls to each broker.
 *
 * @param brokers - at least 1
 */
export function brokerUse({ partitions, copies, bytes }: KafkaUse, brokers: number): BrokerUse {
  return {
    brokers,
    leaders: Math.ceil(partitions / brokers),
    copies: Math.ceil(copies / brokers),
    bytes: dividedUp(bytes, BigInt(brokers)),
  };
}
