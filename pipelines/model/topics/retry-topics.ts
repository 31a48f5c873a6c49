import type { TopicPlan } from "../plan/plan";
import type { RetrySchedule } from "./retry-strategy";
import { distinct, sortedByKey } from "../values/text";
import { largestMessage } from "./message-size";
import { reasonsOf } from "./topic-configuration";
import type { PlannedTopic } from "./topic-plans";

const dayMs = 86_400_000;
/** How long an algo may be down, on top of all back-offs: as long as Kafka keeps messages by default. */
const outageMs = 7 * dayMs;
/** How long dead letters are kept at least: for people, who must notice, correct the algo and send them again. */
const deadLetterMs = 30 * dayMs;
/** Room for the headers that a message gets when it fails. */
const headerBytes = 16_384;
const intMost = 2 ** 31 - 1;

/** Who tries again, and how its topics are called. */
export interface RetryingAlgo {
  /** Kubernetes name of the component. */
  readonly component: string;
  /** In words, for messages. */
  readonly reference: string;
  readonly nameOf: (suffix: string) => string;
}

/**
 * The topics that one algo needs to try messages of another topic again: one for each back-off with `RetryTopics`, and
 * the dead letters. They have that topic's partitions and copies, so that as many replicas can work and as much may
 * break.
 *
 * They take its largest message with the headers that say why it failed. Whatever is stated for that topic, they are never compacted, since each message counts; no size bounds them; and
 * their time counts from the moment at which a message was put there, whenever it was made. Messages wait for at most
 * all back-offs and are kept for a week longer. Dead letters are kept for thirty days, or as long as the messages
 * themselves if that is longer.
 */
export function planRetryTopics(
  source: PlannedTopic,
  { strategy, steps, deadLetterSuffix, backoffMs, at }: RetrySchedule,
  { component, reference, nameOf }: RetryingAlgo,
): readonly PlannedTopic[] {
  const { plan } = source;
  const served = ["max.message.bytes", "min.insync.replicas"];
  const topic = (
    suffix: string,
    purpose: "retry" | "deadLetter",
    retention: string,
    writtenBy: string,
  ): PlannedTopic => {
    const name = nameOf(suffix);
    const parameters = parametersOf(plan, retention);
    return {
      plan: {
        name,
        nameBecause: "automatic",
        purpose,
        partitions: plan.partitions,
        partitionsBecause: { rule: "retryOf", topic: plan.name },
        replicationFactor: plan.replicationFactor,
        parameters,
        parametersBecause: reasonsOf(parameters, (parameter) =>
          served.includes(parameter) ? { rule: "served", topic: plan.name } : { rule: purpose },
        ),
        producedBy: { component, port: name },
        consumedBy:
          purpose === "retry" ? plan.consumedBy.filter((reader) => reader.component === component) : [],
      },
      messageDataType: source.messageDataType,
      writtenBy,
      at,
      nameAt: at,
    };
  };
  // A step with the suffix of the dead letters is an error that is reported already.
  const waiting = steps.map(({ suffix }) => suffix).filter((suffix) => suffix !== deadLetterSuffix);
  const suffixes = strategy === "Simple" ? [] : distinct(waiting);
  return [
    ...suffixes.map((suffix) =>
      topic(
        suffix,
        "retry",
        String(backoffMs + outageMs),
        `the messages of ${plan.name} that ${reference} tries again after ${suffix}`,
      ),
    ),
    topic(
      deadLetterSuffix,
      "deadLetter",
      deadLetterRetention(plan),
      `the messages of ${plan.name} that ${reference} gave up`,
    ),
  ];
}

/** Parameters of a topic for what is given up of several others: enough for the largest message of each. */
export function deadLetterParameters(sources: readonly TopicPlan[]): TopicPlan["parameters"] {
  const inSync = sources.flatMap(({ parameters }) => parameters["min.insync.replicas"] ?? []).map(Number);
  const parameters = {
    "max.message.bytes": String(Math.max(...sources.map(largestMessage))),
    ...(inSync.length > 0 && { "min.insync.replicas": String(Math.max(...inSync)) }),
  };
  const retentions = sources.map(deadLetterRetention);
  const retention = retentions.includes("-1") ? "-1" : String(Math.max(...retentions.map(Number)));
  return parametersOf({ parameters }, retention);
}

function parametersOf(source: Pick<TopicPlan, "parameters">, retention: string): TopicPlan["parameters"] {
  const inSync = source.parameters["min.insync.replicas"];
  return sortedByKey({
    "cleanup.policy": "delete",
    "message.timestamp.type": "LogAppendTime",
    "retention.bytes": "-1",
    "retention.ms": retention,
    ...(inSync !== undefined && { "min.insync.replicas": inSync }),
    "max.message.bytes": String(Math.min(largestMessage(source) + headerBytes, intMost)),
  });
}

function deadLetterRetention({ parameters }: TopicPlan): string {
  const stated = parameters["retention.ms"];
  if (stated === undefined) return String(deadLetterMs);
  return stated === "-1" || BigInt(stated) > BigInt(deadLetterMs) ? stated : String(deadLetterMs);
}
