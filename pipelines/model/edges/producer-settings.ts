import { didYouMean } from "../document/nearest-name";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import { oneOf, sortedByKey } from "../values/text";

/** What a setting can be: a number in a range, one of some words, or any text. */
type SettingRule = readonly [minimum: number, maximum: number] | readonly string[] | "text";

const most = 2_147_483_647;
const flag = ["true", "false"];
const compression = ["none", "gzip", "snappy", "lz4", "zstd"];

/** Settings of the gateway's producer by the names of librdkafka (its CONFIGURATION.md): those that are an author's business. */
const settings: Readonly<Record<string, SettingRule>> = {
  acks: [-1, 1000],
  "batch.num.messages": [1, 1_000_000],
  "batch.size": [1, most],
  "broker.address.family": ["any", "v4", "v6"],
  "client.id": "text",
  "compression.codec": compression,
  "compression.level": [-1, 12],
  "compression.type": compression,
  "connections.max.idle.ms": [0, most],
  "delivery.timeout.ms": [0, most],
  "enable.idempotence": flag,
  "linger.ms": [0, 900_000],
  "max.in.flight": [1, 1_000_000],
  "max.in.flight.requests.per.connection": [1, 1_000_000],
  "message.max.bytes": [1000, 1_000_000_000],
  "message.send.max.retries": [0, most],
  "message.timeout.ms": [0, most],
  "metadata.max.age.ms": [1, 86_400_000],
  partitioner: [
    "random",
    "consistent",
    "consistent_random",
    "murmur2",
    "murmur2_random",
    "fnv1a",
    "fnv1a_random",
  ],
  "queue.buffering.max.kbytes": [1, most],
  "queue.buffering.max.messages": [0, most],
  "queue.buffering.max.ms": [0, 900_000],
  "reconnect.backoff.max.ms": [0, 3_600_000],
  "reconnect.backoff.ms": [0, 3_600_000],
  "request.required.acks": [-1, 1000],
  "request.timeout.ms": [1, 900_000],
  retries: [0, most],
  "retry.backoff.max.ms": [1, 300_000],
  "retry.backoff.ms": [1, 300_000],
  "socket.connection.setup.timeout.ms": [1000, most],
  "socket.keepalive.enable": flag,
  "socket.nagle.disable": flag,
  "socket.timeout.ms": [10, 300_000],
  "statistics.interval.ms": [0, 86_400_000],
  "sticky.partitioning.linger.ms": [0, 900_000],
  "topic.metadata.refresh.interval.ms": [-1, 3_600_000],
};

/**
 * Settings of librdkafka that mean nothing to the gateway's producer, which is another: it repeats a batch until Kafka has it, and
 * sends one batch of a partition at a time.
 */
const withoutEffect: ReadonlySet<string> = new Set([
  "broker.address.family",
  "compression.level",
  "connections.max.idle.ms",
  "max.in.flight",
  "max.in.flight.requests.per.connection",
  "message.send.max.retries",
  "queue.buffering.max.messages",
  "reconnect.backoff.max.ms",
  "reconnect.backoff.ms",
  "retries",
  "socket.keepalive.enable",
  "socket.nagle.disable",
  "statistics.interval.ms",
  "sticky.partitioning.linger.ms",
  "topic.metadata.refresh.interval.ms",
]);

/** Where Kafka is and who the gateway is there: the platform's business. */
const platformSetting = /^(bootstrap\.servers|metadata\.broker\.list|security\.protocol|(sasl|ssl)\..+)$/;
const acknowledgements = ["acks", "request.required.acks"];

/** Checks the settings of the gateway's producer, and gives those that it is told, sorted. */
export function planProducerSettings(
  stated: Readonly<Record<string, string>>,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): Readonly<Record<string, string>> {
  const told = Object.entries(stated).filter(([name, value]) => {
    const path = [...at, name];
    if (platformSetting.test(name)) {
      // The value may be a password: it is not shown.
      report.warning(source, path, `${name} is not used, since the platform's is; remove it`);
      return false;
    }
    const rule = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (rule === undefined) {
      const hint = didYouMean(name, Object.keys(settings));
      report.error(source, path, `${name} is no setting of the gateway's Kafka producer${hint}`);
      return false;
    }
    const isAll = acknowledgements.includes(name) && value === "all";
    const expected = isAll ? undefined : expectation(rule, value);
    if (expected !== undefined)
      report.error(source, path, `found ${JSON.stringify(value)}, expected ${expected}`);
    else if (withoutEffect.has(name))
      report.warning(source, path, `${name} has no effect on the gateway's producer; remove it`);
    else if (acknowledgements.includes(name) && !isAll && value !== "-1") {
      const message = `with ${name} ${value}, callers are told that a message is safe before its copies are; remove it, or set it to all`;
      report.warning(source, path, message);
    }
    return true;
  });
  return sortedByKey(Object.fromEntries(told));
}

/** What a value should have been; undefined when it is that. */
function expectation(rule: SettingRule, value: string): string | undefined {
  if (rule === "text") return value === "" ? "some text" : undefined;
  const [first, last] = rule;
  if (typeof first === "number" && typeof last === "number") {
    const isInRange = /^-?\d+$/.test(value) && Number(value) >= first && Number(value) <= last;
    return isInRange ? undefined : `a whole number from ${first} to ${last}`;
  }
  const words = rule.map(String);
  return words.includes(value) ? undefined : oneOf(words);
}
