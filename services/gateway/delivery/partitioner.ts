import { crc32 } from "node:zlib";
import { murmur2 } from "@platformatic/kafka";
import type { ProducerParams } from "../configuration/producer-params";

/** Chooses the partition of a message. */
export type Partitioner = (key: Buffer, partitions: number) => number;

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/**
 * The partitioners that librdkafka has. Every message of the gateway has a key, so that `…_random`, which differ in
 * messages without one, are like those without `_random`.
 */
export function partitionerOf(name: ProducerParams["partitioner"]): Partitioner {
  switch (name) {
    case "random":
      return (_key, partitions) => Math.floor(Math.random() * partitions);
    case "consistent":
    case "consistent_random":
      return (key, partitions) => crc32(key) % partitions;
    case "fnv1a":
    case "fnv1a_random":
      return (key, partitions) => Math.abs(fnv1a(key)) % partitions;
    case "murmur2":
    case "murmur2_random":
      return (key, partitions) => (murmur2(key) & 0x7fffffff) % partitions;
  }
}

function fnv1a(key: Buffer): number {
  let hash = fnvOffset;
  for (const byte of key) hash = Math.imul(hash ^ byte, fnvPrime);
  return hash | 0;
}
