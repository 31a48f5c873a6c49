import { loadPlans } from "../../pipelines/model/plan-pipelines";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { anyPlatform } from "../../pipelines/commands/any-platform";
import type { PipelineAlert } from "../../pipelines/observability/alert-rule";
import { pipelineAlerts } from "../../pipelines/observability/pipeline-alerts";
import { conditionsIn } from "../model/promql-parts";

/** All pipelines that documents of ours describe. */
export const watchedPlans: readonly PipelinePlan[] = loadPlans(
  ["pipelines/documents", "pipelines/examples", "tests/documents"],
  anyPlatform,
).plans;

/** What is seen while a rule is looked at. */
interface Case {
  /** What the case is about, for who reads a failure. */
  readonly title: string;
  readonly alert: string;
  /** Of which pipeline the rule is; its first rule of the name counts. */
  readonly deployment: string;
  /** Metrics, each with labels beside those that the rule asks for, and values, one a minute, in promtool's notation. */
  readonly series: readonly (readonly [
    metric: string,
    labels: Readonly<Record<string, string>>,
    values: string,
  ])[];
  /** Minute at which the rule is looked at. */
  readonly minute: number;
  /** Labels that the alert has beside the rule's own, and how its value reads; undefined when it must be silent. */
  readonly fires?: {
    readonly labels: readonly string[];
    readonly others?: Readonly<Record<string, string>>;
    readonly value?: string;
  };
}

const offset = "kafka_topic_partition_current_offset";
const lag = "kafka_consumergroup_lag";
const [used, capacity] = ["kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes"];
const runs = "algorunner_run_duration_seconds_count";
const claim = { persistentvolumeclaim: "wal-endpoint-0" };
const first = { partition: "0" };
const task = { connector: "any", task: "0" };

const claims = "harbor.claim-settlement";
const video = "harbour.gate-video";
const parcels = "depot.parcel-changes";

const cases: readonly Case[] = [
  {
    title: "a reader far behind in one partition, without a position in the other",
    alert: "AlgoRunConsumerLag",
    deployment: video,
    series: [
      [lag, first, "2000x60"],
      [lag, { partition: "1" }, "-1x60"],
    ],
    minute: 20,
    fires: { labels: ["consumergroup", "topic"], value: "2k" },
  },
  {
    title: "a reader that is behind as much as it may",
    alert: "AlgoRunConsumerLag",
    deployment: video,
    series: [
      [lag, first, "500x60"],
      [lag, { partition: "1" }, "500x60"],
    ],
    minute: 30,
  },
  {
    title: "a reader that has caught up in time",
    alert: "AlgoRunConsumerLag",
    deployment: video,
    series: [[lag, first, "9000x10 0x50"]],
    minute: 30,
  },
  {
    title: "another group far behind in the same topic",
    alert: "AlgoRunConsumerLag",
    deployment: video,
    series: [[lag, { ...first, consumergroup: "other" }, "9000x60"]],
    minute: 30,
  },

  {
    title: "the first dead letter",
    alert: "AlgoRunDeadLetters",
    deployment: claims,
    series: [[offset, first, "0x5 1x30"]],
    minute: 10,
    fires: { labels: ["topic"] },
  },
  {
    title: "dead letters of long ago",
    alert: "AlgoRunDeadLetters",
    deployment: claims,
    series: [[offset, first, "7x60"]],
    minute: 40,
  },

  {
    title: "a tenth of the messages failed",
    alert: "AlgoRunAlgoErrors",
    deployment: claims,
    series: [
      ["algorunner_algo_error", {}, "0+6x60"],
      [runs, {}, "0+60x60"],
    ],
    minute: 40,
    fires: { labels: ["app"], value: "10%" },
  },
  {
    title: "a few messages failed",
    alert: "AlgoRunAlgoErrors",
    deployment: claims,
    series: [
      ["algorunner_algo_error", {}, "0+2x60"],
      [runs, {}, "0+60x60"],
    ],
    minute: 40,
  },
  {
    title: "an algo of the same name failed elsewhere",
    alert: "AlgoRunAlgoErrors",
    deployment: claims,
    series: [
      ["algorunner_algo_error", { namespace: "other" }, "0+60x60"],
      [runs, { namespace: "other" }, "0+60x60"],
    ],
    minute: 40,
  },

  {
    title: "a fifth of the messages tried again",
    alert: "AlgoRunRetries",
    deployment: claims,
    series: [
      ["algorunner_retry_total", {}, "0+12x60"],
      [runs, {}, "0+60x60"],
    ],
    minute: 40,
    fires: { labels: ["app"], value: "20%" },
  },
  {
    title: "some messages tried again",
    alert: "AlgoRunRetries",
    deployment: claims,
    series: [
      ["algorunner_retry_total", {}, "0+3x60"],
      [runs, {}, "0+60x60"],
    ],
    minute: 40,
  },

  {
    title: "a path that fell silent",
    alert: "AlgoRunNoTraffic",
    deployment: video,
    series: [[offset, first, "0+10x1440 14400x200"]],
    minute: 1600,
    fires: { labels: ["topic"] },
  },
  {
    title: "a path that goes on",
    alert: "AlgoRunNoTraffic",
    deployment: video,
    series: [[offset, first, "0+10x1700"]],
    minute: 1600,
  },
  {
    title: "a path that was silent the day before, too",
    alert: "AlgoRunNoTraffic",
    deployment: video,
    series: [[offset, first, "5x300 5+1x900 905x500"]],
    minute: 1650,
  },

  {
    title: "a log that is nearly full",
    alert: "AlgoRunLogFills",
    deployment: claims,
    series: [
      [used, claim, "900x30"],
      [capacity, claim, "1000x30"],
    ],
    minute: 10,
    fires: { labels: [], others: claim, value: "90%" },
  },
  {
    title: "a log with room",
    alert: "AlgoRunLogFills",
    deployment: claims,
    series: [
      [used, claim, "700x30"],
      [capacity, claim, "1000x30"],
    ],
    minute: 10,
  },
  {
    title: "another pipeline's log that is nearly full",
    alert: "AlgoRunLogFills",
    deployment: claims,
    series: [
      [used, { ...claim, namespace: "other" }, "900x30"],
      [capacity, { ...claim, namespace: "other" }, "1000x30"],
    ],
    minute: 10,
  },

  {
    title: "a failed task",
    alert: "AlgoRunConnectorTaskFailed",
    deployment: parcels,
    series: [["kafka_connect_connector_task_status", task, "1x30"]],
    minute: 10,
    fires: { labels: [], others: task },
  },
  {
    title: "a running task",
    alert: "AlgoRunConnectorTaskFailed",
    deployment: parcels,
    series: [["kafka_connect_connector_task_status", { ...task, status: "running" }, "1x30"]],
    minute: 10,
  },
];

/**
 * Unit tests of the alert rules of some pipelines, for promtool.
 *
 * @param ruleFile - path of the rules of a pipeline
 * @returns test files by pipeline
 * @throws Error when some kind of rule lacks a case in which it fires, or one in which it is silent
 */
export function pipelineRuleTests(
  ruleFile: (plan: PipelinePlan) => string,
): Readonly<Record<string, object>> {
  const kinds = new Set(watchedPlans.flatMap((plan) => pipelineAlerts(plan).map(({ alert }) => alert)));
  for (const kind of kinds) {
    const own = cases.filter(({ alert }) => alert === kind);
    if (!own.some(({ fires }) => fires !== undefined) || !own.some(({ fires }) => fires === undefined)) {
      throw new Error(`${kind} has no case in which it fires, or none in which it is silent`);
    }
  }
  const deployments = [...new Set(cases.map(({ deployment }) => deployment))];
  return Object.fromEntries(
    deployments.map((deployment) => {
      const plan = watchedPlans.find(({ id }) => id === deployment);
      if (plan === undefined) throw new Error(`there is no document of ${deployment}`);
      const tests = cases.filter((each) => each.deployment === deployment).map((each) => testOf(each, plan));
      return [deployment, { rule_files: [ruleFile(plan)], evaluation_interval: "1m", tests }];
    }),
  );
}

function testOf({ title, alert, series, minute, fires }: Case, plan: PipelinePlan): object {
  const rule = pipelineAlerts(plan).find((each) => each.alert === alert);
  if (rule === undefined) throw new Error(`${plan.id} has no rule ${alert}`);
  const asked = Object.fromEntries(
    conditionsIn(rule.expr).flatMap(({ label, values: [value = ""] }) =>
      /[[(]/.test(value) ? [] : [[label, value] as const],
    ),
  );
  return {
    name: title,
    interval: "1m",
    input_series: series.map(([metric, labels, values]) => {
      const all = Object.entries({ ...asked, ...labels });
      return { series: `${metric}{${all.map(([label, value]) => `${label}="${value}"`).join(",")}}`, values };
    }),
    alert_rule_test: [
      {
        alertname: alert,
        eval_time: `${minute}m`,
        exp_alerts: fires === undefined ? [] : [expected(rule, asked, fires)],
      },
    ],
  };
}

function expected(
  { labels, severity, summary, description }: PipelineAlert,
  asked: Readonly<Record<string, string>>,
  { labels: kept, others = {}, value = "" }: NonNullable<Case["fires"]>,
): object {
  const found = { ...Object.fromEntries(kept.map((label) => [label, asked[label] ?? ""])), ...others };
  const read = summary
    .replace(/\{\{ \$value[^}]*\}\}/, value)
    .replace(/\{\{ \$labels\.(\w+) \}\}/, (_, label: string) =>
      String(Object.entries(found).find(([name]) => name === label)?.[1]),
    );
  return {
    exp_labels: { ...found, ...labels, severity },
    exp_annotations: { summary: read, description },
  };
}
