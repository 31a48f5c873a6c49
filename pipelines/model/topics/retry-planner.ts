import type { LinkedAlgo, LinkedDeployment } from "../link/link";
import { retryTopicName } from "../values/names";
import type { RetryPlan } from "../plan/plan";
import type { ProblemReport } from "../document/problem";
import { planPollInterval, planSchedule, type RetrySchedule } from "./retry-strategy";
import { planRetryTopics } from "./retry-topics";
import { compareText } from "../values/text";
import type { PlannedTopic } from "./topic-plans";

/** What the algos of a deployment try again, and the topics that this takes. */
export interface RetryPlans {
  /** By name of the algo's component, sorted by topic. */
  readonly byAlgo: ReadonlyMap<string, readonly RetryPlan[]>;
  readonly topics: readonly PlannedTopic[];
}

/** One algo, one of the topics that it reads, and how it tries the messages of that topic again. */
interface Retry {
  readonly algo: LinkedAlgo;
  readonly source: PlannedTopic;
  readonly schedule: RetrySchedule;
}

/**
 * Plans the retries of a deployment's algos. An algo retries with `retryEnabled`, by the strategy of the topic that a
 * message comes from when that topic overrides it, or else by its own.
 *
 * Retry and dead-letter topics are never shared: what one algo failed to process is no other's to try. They are named
 * after the topic alone, as the original named them; of several algos that retry messages of one topic, all but one
 * must have `ownRetryTopics`, so that a further algo never renames topics in which messages wait.
 *
 * @param outputs topics of the deployment's outputs
 */
export function planRetries(
  linked: LinkedDeployment,
  outputs: readonly PlannedTopic[],
  report: ProblemReport,
): RetryPlans {
  const overrides = planOverrides(linked, outputs, report);
  const retries = linked.algos.flatMap((algo) => retriesOf(algo, linked, outputs, overrides, report));
  const planned = withoutSharing(retries, linked, report).map((retry) => planRetry(retry, linked, report));
  return {
    byAlgo: new Map(
      linked.algos.map(({ name }) => [
        name,
        planned
          .filter(({ algo }) => algo === name)
          .map(({ plan }) => plan)
          .sort((a, b) => compareText(a.topic, b.topic)),
      ]),
    ),
    topics: planned.flatMap(({ topics }) => topics),
  };
}

/** The schedules of topics that override those of their readers, by name of the topic. */
function planOverrides(
  { algos, source }: LinkedDeployment,
  outputs: readonly PlannedTopic[],
  report: ProblemReport,
): ReadonlyMap<string, RetrySchedule> {
  const overrides = new Map<string, RetrySchedule>();
  for (const { plan, spec, at } of outputs) {
    if (spec === undefined) continue;
    const { overrideRetryStrategy, retryStrategy } = spec;
    if (retryStrategy === undefined) {
      if (overrideRetryStrategy) {
        report.error(
          source,
          [...at, "retryStrategy"],
          "is missing, expected the strategy that overrideRetryStrategy: true announces; to try nothing again, give it no steps",
        );
      }
      continue;
    }
    const schedule = planSchedule(retryStrategy, source, [...at, "retryStrategy"], report);
    const isTried = algos.some(({ name, spec: { retryEnabled } }) => retryEnabled && reads(plan, name));
    if (!overrideRetryStrategy) {
      const message =
        "has no effect without overrideRetryStrategy: true; set it, or remove the strategy: those of the algos that read the topic count";
      report.warning(source, [...at, "retryStrategy"], message);
    } else if (!isTried) {
      const message = "has no effect, since no algo that reads the topic has retryEnabled: true";
      report.warning(source, [...at, "overrideRetryStrategy"], message);
    }
    if (overrideRetryStrategy) overrides.set(plan.name, schedule);
  }
  return overrides;
}

function reads({ consumedBy }: PlannedTopic["plan"], component: string): boolean {
  return consumedBy.some((end) => end.component === component);
}

function retriesOf(
  algo: LinkedAlgo,
  { source }: LinkedDeployment,
  outputs: readonly PlannedTopic[],
  overrides: ReadonlyMap<string, RetrySchedule>,
  report: ProblemReport,
): readonly Retry[] {
  const { retryEnabled, retryStrategy, ownRetryTopics } = algo.spec;
  const at = [...algo.at, "retryStrategy"];
  const schedule = retryStrategy && planSchedule(retryStrategy, source, at, report);
  if (!retryEnabled) {
    const idle = [retryStrategy && "retryStrategy", ownRetryTopics && "ownRetryTopics"];
    for (const field of idle.filter((each) => typeof each === "string")) {
      const message = "has no effect without retryEnabled: true; set it, or remove this";
      report.warning(source, [...algo.at, field], message);
    }
    return [];
  }
  if (algo.algo.executor === "Delegated") {
    const message =
      "has no effect with executor Delegated, which has no runner: the algo itself tries again; remove it";
    report.error(source, [...algo.at, "retryEnabled"], message);
    return [];
  }
  const topics = outputs.filter(({ plan }) => reads(plan, algo.name));
  const overridden = topics.filter(({ plan }) => overrides.has(plan.name));
  if (schedule === undefined && overridden.length < topics.length) {
    const message =
      "is missing, expected a strategy, since retryEnabled is true; with { strategy: Simple } a message that fails goes to the dead letters at once";
    report.error(source, at, message);
  }
  if (schedule !== undefined && topics.length > 0 && overridden.length === topics.length) {
    const message = "has no effect, since every topic that the algo reads overrides it; remove it";
    report.warning(source, at, message);
  }
  return topics.flatMap((topic): readonly Retry[] => {
    const chosen = overrides.get(topic.plan.name) ?? schedule;
    return chosen === undefined ? [] : [{ algo, source: topic, schedule: chosen }];
  });
}

/** The retries whose topics are theirs alone; the others are reported. */
function withoutSharing(
  retries: readonly Retry[],
  { source }: LinkedDeployment,
  report: ProblemReport,
): readonly Retry[] {
  const first = new Map<string, LinkedAlgo>();
  const line = ({ at }: LinkedAlgo): number => source.lineOf(at);
  const inOrder = retries.toSorted((a, b) => line(a.algo) - line(b.algo));
  return inOrder.filter(({ algo, source: { plan } }) => {
    const key = retryTopicName(plan.name, algo, "");
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, algo);
      return true;
    }
    const way = algo.spec.ownRetryTopics
      ? "give one of them another index"
      : "set ownRetryTopics: true for the one that came last, so that the topics of the other keep their names";
    const message = `${algo.reference} and ${earlier.reference} (line ${line(earlier)}) retry messages of the same topic ${plan.name}, and would read each other's from the retry topics; ${way}`;
    report.error(source, [...algo.at, "ownRetryTopics"], message);
    return false;
  });
}

function planRetry(
  { algo, source: topic, schedule }: Retry,
  { source, id }: LinkedDeployment,
  report: ProblemReport,
): { readonly algo: string; readonly plan: RetryPlan; readonly topics: readonly PlannedTopic[] } {
  const { strategy, steps, deadLetterSuffix } = schedule;
  const nameOf = (suffix: string): string => retryTopicName(topic.plan.name, algo, suffix);
  const isSimple = strategy === "Simple";
  return {
    algo: algo.name,
    plan: {
      topic: topic.plan.name,
      strategy,
      steps: steps.map(({ suffix, ...step }) => ({ ...step, topic: isSimple ? undefined : nameOf(suffix) })),
      deadLetterTopic: nameOf(deadLetterSuffix),
      maxPollIntervalMs: isSimple
        ? planPollInterval(schedule, algo.spec.timeoutSeconds * 1000, source, report)
        : undefined,
    },
    topics: planRetryTopics(topic, schedule, {
      component: algo.name,
      reference: `${algo.reference} of ${id}`,
      nameOf,
    }),
  };
}
