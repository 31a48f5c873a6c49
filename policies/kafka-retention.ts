import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { kafkaTypes } from "./rule/kafka";
import { defineRule, noSettings, type Finding } from "./rule/rule";

const day = 24 * 60 * 60 * 1000;

const settings = z.strictObject({
  maximumRetentionDays: z.int().min(1).default(90).meta({
    description: "Days after which every message of a topic that is not compacted must be gone",
  }),
  maximumPartitions: z.int().min(1).default(128).meta({
    description: "The most partitions that one topic may have",
  }),
});

/** Topics don't grow for ever. */
export const boundedTopics = defineRule({
  name: "bounded-topics",
  severity: "medium",
  description:
    "No Kafka topic keeps its messages for ever, or longer than allowed, and none has more partitions than allowed.",
  rationale:
    "Unlimited retention fills the brokers' disks, and a broker with a full disk stops for everybody; personal data that is kept without end is against the law in many places. Each partition costs file handles and memory on every broker that has a copy, and a number of them can't be lowered again.",
  remedy:
    "Set retention.ms of the topic in its PipelineDeployment document, or leave it out for the broker's 7 days; use cleanup.policy compact for what must be kept. Choose partitions by the number of consumers.",
  levels: advisoryInDev,
  settings,
  type: kafkaTypes.topic,
  *judge({ fields }, context) {
    yield* judgeRetention(fields.at("config"), context.settings.maximumRetentionDays);
    const partitions = fields.at("partitions");
    const { maximumPartitions } = context.settings;
    if (partitions.number === undefined || partitions.number <= maximumPartitions) return;
    yield {
      field: partitions,
      found: `the topic has ${partitions.number} partitions, and ${maximumPartitions} is the most`,
      fix: "choose as many as consumers will ever read side by side",
    };
  },
});

/** What a broker acknowledged stays. */
export const losslessTopics = defineRule({
  name: "lossless-topics",
  severity: "high",
  description: "No Kafka topic lets a replica that is behind become leader.",
  rationale:
    "With unclean leader election, the messages that the new leader had not yet copied are gone, though their writers were told that they are safe, and consumers go on as if nothing had happened.",
  remedy: "Leave unclean.leader.election.enable of the topic out, or set it to false.",
  levels: advisoryInDev,
  settings: noSettings,
  type: kafkaTypes.topic,
  *judge({ fields }) {
    const unclean = fields.at("config", "unclean.leader.election.enable");
    if (!unclean.isTrue) return;
    const found = "a replica that is behind may become leader (unclean.leader.election.enable is true)";
    yield { field: unclean, found, fix: "leave it out" };
  },
});

function* judgeRetention(config: Field, days: number): Iterable<Finding> {
  const cleanup = config.at("cleanup.policy");
  // Compaction keeps the last message of each key, whatever its age; that is what it is for.
  if (cleanup.isUnknown || cleanup.text === "compact") return;
  const time = config.at("retention.ms");
  const milliseconds = time.number;
  if (milliseconds === undefined || (milliseconds >= 0 && milliseconds <= days * day)) return;
  const kept = milliseconds < 0 ? "for ever" : `${Math.round(milliseconds / day)} days`;
  yield {
    field: time,
    found: `the topic keeps its messages ${kept}, and ${days} days is the longest`,
    fix: `set retention.ms to ${days * day} or less, or cleanup.policy to compact`,
  };
}
