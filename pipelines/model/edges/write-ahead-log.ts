import { present } from "../values/frozen";
import { endpointName } from "../link/link-pipes";
import { fillTopicName } from "../values/names";
import { knownNames } from "../document/nearest-name";
import type { EndpointPlan, JsonObject } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";
import type { EndpointSpec } from "../schema/endpoint-schema";
import { distinct } from "../values/text";
import { quantity } from "../values/quantity";

/** Name of the volume, or of the claim. */
export const logVolume = "wal";

/** Where the gateway keeps messages that wait for Kafka. */
const defaultPath = "/var/lib/algorun/wal";
const defaultVolumeSize = "1Gi";
/** Fits into the memory of an endpoint whose document states no resources. */
const defaultMemorySize = "64Mi";

type LogSpec = NonNullable<NonNullable<EndpointSpec["producer"]>["wal"]>;

const at: readonly PathStep[] = ["spec", "endpoint", "producer", "wal"];

/** Where the write-ahead log lies. */
export function planLog(endpoint: EndpointSpec, context: PlanContext): EndpointPlan["writeAheadLog"] {
  const log = endpoint.producer?.wal;
  const path = log?.path ?? defaultPath;
  if (log?.in_memory === true) return { path, memory: planMemory(log, endpoint, context) };
  return { path, size: String(log?.size ?? defaultVolumeSize), storageClass: log?.storageClass };
}

function planMemory(log: LogSpec, { resources }: EndpointSpec, { linked, report }: PlanContext): string {
  if (log.storageClass !== undefined) {
    const message = "has no effect with in_memory: true; remove one of them";
    report.error(linked.source, [...at, "storageClass"], message);
  }
  const limit = resources?.limits["memory"];
  if (log.size !== undefined && (limit === undefined || quantity(log.size) >= quantity(limit))) {
    const bound = limit === undefined ? "" : ` of ${limit}`;
    const message = `found ${log.size}, expected less than endpoint.resources.limits.memory${bound}, in which a log in memory is counted`;
    report.error(linked.source, [...at, "size"], message);
  }
  return String(log.size ?? defaultMemorySize);
}

/** What the gateway is told of the write-ahead log. */
export function logConfig(
  { producer }: EndpointSpec,
  { size, memory }: EndpointPlan["writeAheadLog"],
  context: PlanContext,
): JsonObject {
  const log = producer?.wal;
  const always = logTopics("always_topics", log?.always_topics ?? [], context);
  const disable = logTopics("disable_topics", log?.disable_topics ?? [], context);
  for (const topic of always.filter((name) => disable.includes(name))) {
    const message = `${topic} is also in always_topics, which counts; remove it from one of them`;
    context.report.warning(context.linked.source, [...at, "disable_topics"], message);
  }
  return {
    ...present({ mode: log?.mode }),
    in_memory: log?.in_memory ?? false,
    path: log?.path ?? defaultPath,
    // A volume may be larger than what was asked for, and memory is not bounded by its file system everywhere.
    max_bytes: Math.floor(quantity(memory ?? size ?? defaultVolumeSize)),
    always_topics: always,
    disable_topics: disable.filter((name) => !always.includes(name)),
  };
}

function logTopics(
  field: "always_topics" | "disable_topics",
  stated: readonly string[],
  { linked, topics, report }: PlanContext,
): readonly string[] {
  const own = topics.from(endpointName);
  const names = stated.map((topic, index) => {
    const name = fillTopicName(topic, linked.data.owner, linked.data.name);
    if (!own.includes(name)) {
      const ofPath = topics.of(endpointName, topic)?.plan.name;
      const expected = ofPath === undefined ? knownNames(name, own) : `${ofPath}, the topic of this path`;
      const message = `found ${JSON.stringify(topic)}, expected a topic of the endpoint: ${expected}`;
      report.error(linked.source, [...at, field, index], message);
    }
    return name;
  });
  return distinct(names);
}
