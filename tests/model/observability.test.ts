import assert from "node:assert/strict";
import fc from "fast-check";
import { loadPlans } from "../../pipelines/model/plan-pipelines";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { anyPlatform } from "../../pipelines/commands/any-platform";
import { defaultThresholds } from "../../pipelines/observability/alert-thresholds";
import { isMetricName, metrics, scrapeLabels } from "../../pipelines/observability/metric-names";
import { pipelineAlerts, pipelineRuleFile } from "../../pipelines/observability/pipeline-alerts";
import { consumers, watchedKafka } from "../../pipelines/observability/watched";
import { boardOf, expressionsOf } from "./observability-under-test";
import { documentsOf, pipelineArbitrary } from "./pipeline-arbitrary";
import { conditionsIn, metricsIn } from "./promql-parts";
import { retryingPipelineArbitrary } from "./retry-arbitrary";

const written = loadPlans(
  ["pipelines/documents", "pipelines/examples", "tests/documents"],
  anyPlatform,
).plans;

/** Holds for every generated pipeline, and for those that somebody wrote. */
function always(check: (plan: PipelinePlan) => void): void {
  for (const plan of written) check(plan);
  fc.assert(
    fc.property(fc.oneof(pipelineArbitrary, retryingPipelineArbitrary), (pipeline) => {
      const { plans, problems } = planPipelines(documentsOf(pipeline), anyPlatform);
      assert.ok(problems.every(({ severity }) => severity !== "error"));
      assert.equal(plans.length, 1);
      for (const plan of plans) check(plan);
    }),
    { numRuns: 100 },
  );
}

function named(id: string): PipelinePlan {
  const plan = written.find((candidate) => candidate.id === id);
  assert.ok(plan, `there is no document of ${id}`);
  return plan;
}

function namesOf(plan: PipelinePlan): readonly string[] {
  return [...new Set(pipelineAlerts(plan).map(({ alert }) => alert))].sort();
}

describe("what is watched of any pipeline", () => {
  it("is only what some program exports, by labels that it has", () => {
    always((plan) => {
      for (const expression of expressionsOf(plan)) {
        const asked = metricsIn(expression);
        assert.ok(asked.length > 0, expression);
        const labels: string[] = asked.flatMap((name) => {
          assert.ok(isMetricName(name), `nothing exports ${name}: ${expression}`);
          return [...metrics[name].labels, ...scrapeLabels];
        });
        for (const { label } of conditionsIn(expression)) assert.ok(labels.includes(label), expression);
      }
    });
  });

  it("is its own: no query reaches into another pipeline", () => {
    always((plan) => {
      const groups = plan.components.flatMap(({ identity }) => identity.consumerGroup ?? []);
      const own: Readonly<Record<string, readonly string[]>> = {
        namespace: [plan.namespace],
        deployment: [plan.id],
        app: plan.components.map(({ name }) => name),
        topic: plan.topics.map(({ name }) => name),
        consumergroup: groups,
        persistentvolumeclaim: ["wal-endpoint-[0-9]+"],
        status: ["failed"],
        alertstate: ["firing"],
      };
      for (const expression of expressionsOf(plan)) {
        const conditions = conditionsIn(expression);
        assert.ok(conditions.length > 0, `${expression} takes in everybody's`);
        for (const { label, values } of conditions) {
          for (const value of values) assert.ok(own[label]?.includes(value), `${label} ${value}`);
        }
      }
    });
  });

  it("may be seen by the exporter: each topic and group that a query names", () => {
    always((plan) => {
      const { topics, groups } = watchedKafka(plan);
      for (const { label, values } of expressionsOf(plan).flatMap(conditionsIn)) {
        const shown = { topic: topics, consumergroup: groups }[label];
        if (shown !== undefined) assert.ok(values.every((value) => shown.includes(value)));
      }
    });
  });

  it("has alerts that can be told apart", () => {
    always((plan) => {
      const rules = pipelineAlerts(plan);
      const identities = rules.map(({ alert, labels }) => JSON.stringify([alert, labels]));
      assert.equal(new Set(identities).size, rules.length);
      for (const { labels, summary, description } of rules) {
        assert.equal(labels.deployment, plan.id);
        assert.ok(plan.components.some(({ name }) => name === labels.component));
        assert.ok(summary.startsWith(`${plan.id}: `) && !summary.includes("\n"));
        assert.ok(description.includes(plan.namespace), "it doesn't say where to look");
      }
      assert.deepEqual(
        pipelineRuleFile(plan).groups.map(({ name }) => name),
        [`algorun-pipeline-${plan.id}`],
      );
    });
  });

  it("is every reader's lag in every topic but those for retries, and every dead letter", () => {
    always((plan) => {
      const rules = pipelineAlerts(plan);
      const found = (alert: string): number => rules.filter((rule) => rule.alert === alert).length;
      const read = consumers(plan).reduce((count, { topics }) => count + topics.length, 0);
      assert.equal(found("AlgoRunConsumerLag"), read);
      const given = plan.topics.filter(({ purpose }) => purpose === "deadLetter");
      assert.equal(found("AlgoRunDeadLetters"), given.length);
      for (const { name } of given) {
        const about = rules.filter(
          ({ alert, expr }) => alert === "AlgoRunDeadLetters" && expr.includes(`"${name}"`),
        );
        assert.deepEqual(
          about.map(({ severity }) => severity),
          ["critical"],
        );
      }
      const algos = plan.components.filter((component) => component.kind === "algo");
      assert.equal(found("AlgoRunAlgoErrors"), algos.filter(({ runner }) => runner !== "none").length);
      const endpoint = plan.components.find((component) => component.kind === "endpoint");
      assert.equal(found("AlgoRunNoTraffic"), endpoint?.paths.length ?? 0);
      assert.equal(found("AlgoRunLogFills"), endpoint?.writeAheadLog.size === undefined ? 0 : 1);
    });
  });

  it("has a dashboard that Grafana can lay out, at an address of its own", () => {
    const uids = written.map((plan) => boardOf(plan).uid);
    assert.equal(new Set(uids).size, uids.length);
    always((plan) => {
      const { uid, panels } = boardOf(plan);
      assert.match(uid, /^pipeline-[a-z0-9-]{1,31}$/);
      assert.deepEqual(
        panels.map(({ id }) => id),
        panels.map((_, index) => index + 1),
      );
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
        assert.ok(x + w <= 24);
        return Array.from(
          { length: (w * h) / 12 },
          (_, cell) => `${x / 12 + Math.floor(cell / h)} ${y + (cell % h)}`,
        );
      });
      assert.equal(new Set(cells).size, cells.length, "panels lie on each other");
      for (const { type, targets = [] } of panels) assert.equal(targets.length > 0, type !== "row");
    });
  });
});

describe("what is watched of a pipeline", () => {
  it("is only what it has", () => {
    assert.deepEqual(namesOf(named("herald.text-enrichment")).includes("AlgoRunConnectorTaskFailed"), false);
    assert.ok(namesOf(named("depot.parcel-changes")).includes("AlgoRunConnectorTaskFailed"));
    assert.ok(!namesOf(named("northwind.yard-camera")).includes("AlgoRunRetries"));
    assert.ok(namesOf(named("harbor.claim-settlement")).includes("AlgoRunRetries"));
  });

  it("takes the bound of its lag from its autoscaler, where that follows the lag", () => {
    const bounds = written.flatMap((plan) =>
      plan.components.flatMap(({ name, autoscaling }) =>
        (autoscaling?.metrics ?? []).flatMap((metric) => {
          if (metric.source !== "ConsumerLag") return [];
          const rule = pipelineAlerts(plan).find(
            ({ labels, expr }) => labels.component === name && expr.includes(`topic="${metric.topic}"`),
          );
          return [
            [rule?.expr.split(" > ").at(-1), String(metric.lagPerPod * (autoscaling?.maxReplicas ?? 0))],
          ];
        }),
      ),
    );
    assert.ok(bounds.length > 0, "no document follows the lag");
    for (const [found, expected] of bounds) assert.equal(found, expected);
  });

  it("follows what the environment decides, and is not asked about silence where 0 hours are too many", () => {
    const plan = named("herald.text-enrichment");
    const thresholds = { ...defaultThresholds, lag: 7, noTrafficHours: 0 };
    const rules = pipelineAlerts(plan, thresholds);
    assert.ok(rules.every(({ alert }) => alert !== "AlgoRunNoTraffic"));
    assert.ok(rules.some(({ expr }) => expr.endsWith(" > 7")));
  });
});

describe("the contract of metric names", () => {
  it("has exactly the runner's metrics, of which histograms are three series", () => {
    const histograms = ["algorunner_run_duration_seconds", "algorunner_algo_duration_seconds"];
    const counters = [
      "algorunner_msg_bytes_input_total",
      "algorunner_msg_bytes_output_total",
      "algorunner_data_bytes_input_total",
      "algorunner_data_bytes_output_total",
      "algorunner_retry_total",
      "algorunner_dlq_total",
      "algorunner_algo_error",
      "algorunner_runner_error",
    ];
    const expected = [
      ...histograms.flatMap((name) => ["bucket", "count", "sum"].map((part) => `${name}_${part}`)),
      ...counters,
    ];
    const runners = Object.entries(metrics).filter(([, { exporter }]) => exporter === "runner");
    assert.deepEqual(runners.map(([name]) => name).sort(), expected.sort());
  });
});
