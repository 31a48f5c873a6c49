import { oneOf } from "../values/text";

/** What a topic configuration accepts. */
type ParameterRule =
  | { readonly type: "integer"; readonly least: bigint; readonly most: bigint; readonly unit?: string }
  | { readonly type: "fraction" }
  | { readonly type: "boolean" }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  | { readonly type: "choices"; readonly choices: readonly string[] }
  | { readonly type: "replicas" };

const intMost = 2n ** 31n - 1n;
const longMost = 2n ** 63n - 1n;

const bytes = (least: bigint, most = longMost): ParameterRule => ({
  type: "integer",
  least,
  most,
  unit: "bytes",
});
const milliseconds = (least: bigint): ParameterRule => ({
  type: "integer",
  least,
  most: longMost,
  unit: "milliseconds",
});
const count = (least: bigint, most: bigint): ParameterRule => ({ type: "integer", least, most });
const boolean: ParameterRule = { type: "boolean" };
const replicas: ParameterRule = { type: "replicas" };

/** Configuration that a topic can have, and the values that a broker takes (Apache Kafka 4.3, `LogConfig`). */
const topicParameters: Readonly<Record<string, ParameterRule>> = {
  "cleanup.policy": { type: "choices", choices: ["compact", "delete"] },
  "compression.gzip.level": count(-1n, 9n),
  "compression.lz4.level": count(1n, 17n),
  "compression.type": {
    type: "choice",
    choices: ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"],
  },
  "compression.zstd.level": count(-131_072n, 22n),
  "delete.retention.ms": milliseconds(0n),
  "file.delete.delay.ms": milliseconds(0n),
  "flush.messages": count(1n, longMost),
  "flush.ms": milliseconds(0n),
  "follower.replication.throttled.replicas": replicas,
  "index.interval.bytes": bytes(0n, intMost),
  "leader.replication.throttled.replicas": replicas,
  "local.retention.bytes": bytes(-2n),
  "local.retention.ms": milliseconds(-2n),
  "max.compaction.lag.ms": milliseconds(1n),
  "max.message.bytes": bytes(0n, intMost),
  "message.timestamp.after.max.ms": milliseconds(0n),
  "message.timestamp.before.max.ms": milliseconds(0n),
  "message.timestamp.type": { type: "choice", choices: ["CreateTime", "LogAppendTime"] },
  "min.cleanable.dirty.ratio": { type: "fraction" },
  "min.compaction.lag.ms": milliseconds(0n),
  "min.insync.replicas": count(1n, intMost),
  preallocate: boolean,
  "remote.log.copy.disable": boolean,
  "remote.log.delete.on.disable": boolean,
  "remote.storage.enable": boolean,
  "retention.bytes": bytes(-1n),
  "retention.ms": milliseconds(-1n),
  "segment.bytes": bytes(1_048_576n, intMost),
  "segment.index.bytes": bytes(4n, intMost),
  "segment.jitter.ms": milliseconds(0n),
  "segment.ms": milliseconds(1n),
  "unclean.leader.election.enable": boolean,
};

/** Names of all topic configurations, sorted. */
export const topicParameterNames: readonly string[] = Object.keys(topicParameters);

/** What to do about configurations that older brokers had. */
const removedParameters: Readonly<Record<string, string>> = {
  "message.downconversion.enable": "Kafka 4 never converts messages; remove it",
  "message.format.version": "Kafka 4 has a single message format; remove it",
  "message.timestamp.difference.max.ms":
    "Kafka 4 has message.timestamp.before.max.ms and message.timestamp.after.max.ms instead",
};

/** What to do about a configuration that Kafka once had, or undefined. */
export function removedParameterAdvice(name: string): string | undefined {
  return Object.hasOwn(removedParameters, name) ? removedParameters[name] : undefined;
}

/** What a configuration should have been, for a value that a broker would refuse; undefined when it is fine. */
export function expectedParameterValue(name: string, value: string): string | undefined {
  const rule = Object.hasOwn(topicParameters, name) ? topicParameters[name] : undefined;
  return rule === undefined || accepts(rule, value) ? undefined : expectation(rule);
}

function accepts(rule: ParameterRule, value: string): boolean {
  switch (rule.type) {
    case "integer":
      return /^-?\d{1,19}$/.test(value) && BigInt(value) >= rule.least && BigInt(value) <= rule.most;
    case "fraction":
      return /^\d+(\.\d+)?$/.test(value) && Number(value) <= 1;
    case "boolean":
      return value === "true" || value === "false";
    case "choice":
      return rule.choices.includes(value);
    case "choices": {
      const parts = value.split(",").map((part) => part.trim());
      return new Set(parts).size === parts.length && parts.every((part) => rule.choices.includes(part));
    }
    case "replicas":
      return /^(\*|\d+:\d+(,\d+:\d+)*)$/.test(value);
  }
}

function expectation(rule: ParameterRule): string {
  switch (rule.type) {
    case "integer": {
      const whole = rule.unit === undefined ? "a whole number" : `a whole number of ${rule.unit}`;
      const most = rule.most < intMost ? ` and at most ${rule.most}` : "";
      return `${whole}, at least ${rule.least}${most}`;
    }
    case "fraction":
      return "a number from 0 to 1";
    case "boolean":
      return oneOf(["true", "false"]);
    case "choice":
      return oneOf(rule.choices);
    case "choices":
      return `${oneOf(rule.choices)}, or several of them joined by commas`;
    case "replicas":
      return "partition:broker pairs joined by commas, or *";
  }
}
