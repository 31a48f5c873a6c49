import { Reader, Writer } from "@platformatic/kafka";
import type { Assignment } from "./partition-assignment";

/*
 * What the members of a consumer group tell each other, as Kafka's own clients write it (ConsumerProtocolSubscription
 * and ConsumerProtocolAssignment, version 0), so that Kafka's tools show it.
 */

/** Which topics a member reads. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  return Writer.create()
    .appendInt16(0)
    .appendArray([...topics], (writer, topic) => writer.appendString(topic, false), false, false)
    .appendBytes(null, false).buffer;
}

/** See {@link encodeSubscription}. */
export function decodeSubscription(bytes: Buffer): readonly string[] {
  const reader = Reader.from(bytes);
  reader.readInt16();
  return reader.readArray((item) => item.readString(false), false, false);
}

/** Which partitions a member has. */
export function encodeAssignment(assignment: Assignment): Buffer {
  return Writer.create()
    .appendInt16(0)
    .appendArray(
      [...assignment],
      (writer, [topic, partitions]) =>
        writer
          .appendString(topic, false)
          .appendArray([...partitions], (item, partition) => item.appendInt32(partition), false, false),
      false,
      false,
    )
    .appendBytes(null, false).buffer;
}

/** See {@link encodeAssignment}. */
export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length < 6) return new Map();
  const reader = Reader.from(bytes);
  reader.readInt16();
  return new Map(
    reader.readArray(
      (item) => [item.readString(false), item.readArray((each) => each.readInt32(), false, false)] as const,
      false,
      false,
    ),
  );
}
