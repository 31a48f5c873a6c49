import { didYouMean } from "../document/nearest-name";
import type { ParameterReason, TopicPlan } from "../plan/plan";
import type { PlatformFacts } from "../platform-facts";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import type { TopicSpec } from "../schema/topic-schema";
import { sortedByKey } from "../values/text";
import { expectedParameterValue, removedParameterAdvice, topicParameterNames } from "./topic-parameters";

/** Copies and configuration of a topic. */
export type TopicConfiguration = Pick<TopicPlan, "replicationFactor" | "parameters" | "parametersBecause">;

/** Configuration that means something only beside a value of another one. */
const dependent: readonly {
  readonly names: readonly string[];
  readonly works: (parameters: ReadonlyMap<string, string>) => boolean;
  readonly without: string;
}[] = [
  {
    names: ["retention.ms", "retention.bytes"],
    works: (parameters) => cleanupOf(parameters).includes("delete"),
    without: "with cleanup.policy compact, which keeps the last message of every key for ever",
  },
  {
    names: [
      "delete.retention.ms",
      "max.compaction.lag.ms",
      "min.cleanable.dirty.ratio",
      "min.compaction.lag.ms",
    ],
    works: (parameters) => cleanupOf(parameters).includes("compact"),
    without: "without compact in cleanup.policy",
  },
  {
    names: ["local.retention.bytes", "local.retention.ms", "remote.log.copy.disable"],
    works: (parameters) => parameters.get("remote.storage.enable") === "true",
    without: "without remote.storage.enable: true",
  },
];

/**
 * How many copies must have a message before its producer is told so: more than half of at least three, so that a
 * broker can be down, and no acknowledged message is on one disk only; else one, since with two copies and both in
 * sync the restart of either broker would stop all writers.
 *
 * @param copies - replication factor, at least 1
 */
export function minimumInSync(copies: number): number {
  return copies < 3 ? 1 : Math.floor(copies / 2) + 1;
}

/**
 * The configuration of a topic: what its document states, and `min.insync.replicas` derived from the number of copies
 * when it is not stated.
 *
 * @param at path of the topic in its document
 */
export function planConfiguration(
  topic: TopicSpec | undefined,
  { kafka }: PlatformFacts,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): TopicConfiguration {
  const { replicationFactor } = topic ?? {};
  if (replicationFactor !== undefined && replicationFactor > kafka.brokerCount) {
    const brokers = kafka.brokerCount === 1 ? "1 broker" : `${kafka.brokerCount} brokers`;
    const message = `found ${replicationFactor}, expected at most ${kafka.brokerCount}, since the platform's Kafka has ${brokers}`;
    report.error(source, [...at, "replicationFactor"], message);
  }
  const copies = replicationFactor ?? kafka.defaultReplicationFactor;
  const stated = new ParameterCheck(topic?.topicParams ?? [], copies, source, at, report).run();
  const parameters = { "min.insync.replicas": String(minimumInSync(copies)), ...Object.fromEntries(stated) };
  const because = (name: string): ParameterReason =>
    stated.has(name) ? { rule: "stated" } : { rule: "copies", copies };
  return {
    replicationFactor,
    parameters: sortedByKey(parameters),
    parametersBecause: reasonsOf(parameters, because),
  };
}

/** A reason for each parameter, sorted by name. */
export function reasonsOf(
  parameters: TopicPlan["parameters"],
  because: (name: string) => ParameterReason,
): TopicPlan["parametersBecause"] {
  const names = Object.keys(parameters);
  return sortedByKey(Object.fromEntries(names.map((name) => [name, because(name)])));
}

/** Checks what a document states of one topic's configuration. */
class ParameterCheck {
  private readonly values = new Map<string, string>();
  private readonly places = new Map<string, readonly PathStep[]>();

  constructor(
    private readonly stated: TopicSpec["topicParams"],
    private readonly copies: number,
    private readonly source: DocumentSource,
    private readonly at: readonly PathStep[],
    private readonly report: ProblemReport,
  ) {}

  run(): ReadonlyMap<string, string> {
    this.stated.forEach(({ name, value }, index) => {
      this.take(name, String(value), [...this.at, "topicParams", index]);
    });
    this.checkInSync();
    this.checkDependencies();
    this.checkCompaction();
    return this.values;
  }

  private take(name: string, value: string, path: readonly PathStep[]): void {
    const namePath = [...path, "name"];
    if (!topicParameterNames.includes(name)) {
      const removed = removedParameterAdvice(name);
      const hint = removed === undefined ? didYouMean(name, topicParameterNames) : `; ${removed}`;
      const message = `found ${JSON.stringify(name)}, expected a topic configuration of Kafka${hint}`;
      this.report.error(this.source, namePath, message);
    }
    if (this.values.has(name)) {
      this.report.error(this.source, namePath, `a second ${name}, expected each parameter once`);
    }
    const expected = expectedParameterValue(name, value);
    if (expected === undefined) {
      this.values.set(name, value);
      this.places.set(name, path);
    } else {
      const message = `found ${JSON.stringify(value)}, expected ${expected} for ${name}`;
      this.report.error(this.source, [...path, "value"], message);
    }
  }

  private checkInSync(): void {
    const name = "min.insync.replicas";
    const inSync = Number(this.values.get(name) ?? 1);
    const path = [...(this.places.get(name) ?? this.at), "value"];
    if (inSync > this.copies) {
      const message = `min.insync.replicas is ${inSync}, expected at most the replication factor, which is ${this.copies}; otherwise nothing can be written`;
      this.report.error(this.source, path, message);
    } else if (inSync > 1 && inSync === this.copies) {
      const message = `min.insync.replicas is ${inSync}, as many as there are copies: whenever a broker restarts, nothing can be written; set it to ${minimumInSync(this.copies)}, or raise replicationFactor`;
      this.report.warning(this.source, path, message);
    }
  }

  private checkDependencies(): void {
    for (const { names, works, without } of dependent) {
      if (works(this.values)) continue;
      for (const name of names) {
        const path = this.places.get(name);
        if (path === undefined) continue;
        this.report.warning(this.source, path, `${name} has no effect ${without}; remove it`);
      }
    }
  }

  private checkCompaction(): void {
    const { values } = this;
    const compacts = cleanupOf(values).includes("compact");
    if (compacts && values.get("remote.storage.enable") === "true") {
      const message =
        "Kafka keeps no compacted topic in remote storage; remove it, or set cleanup.policy to delete";
      this.report.error(this.source, this.places.get("remote.storage.enable") ?? this.at, message);
    }
    const [least, most] = ["min.compaction.lag.ms", "max.compaction.lag.ms"].map((name) => values.get(name));
    if (least !== undefined && most !== undefined && BigInt(least) > BigInt(most)) {
      const message = `min.compaction.lag.ms is ${least}, expected at most max.compaction.lag.ms, which is ${most}`;
      this.report.error(this.source, this.places.get("min.compaction.lag.ms") ?? this.at, message);
    }
    this.checkLocalRetention("ms");
    this.checkLocalRetention("bytes");
  }

  private checkLocalRetention(unit: "ms" | "bytes"): void {
    const name = `local.retention.${unit}`;
    const [local, whole] = [name, `retention.${unit}`].map((each) => this.values.get(each));
    if (local === undefined || whole === undefined || BigInt(whole) < 0n) return;
    if (BigInt(local) === -1n || BigInt(local) > BigInt(whole)) {
      const message = `${name} is ${local}, expected at most retention.${unit}, which is ${whole}`;
      this.report.error(this.source, this.places.get(name) ?? this.at, message);
    }
  }
}

function cleanupOf(parameters: ReadonlyMap<string, string>): readonly string[] {
  return (parameters.get("cleanup.policy") ?? "delete").split(",").map((part) => part.trim());
}
