import assert from "node:assert/strict";
import { autoscalingArgs } from "../../../components/pipeline/autoscaling-metrics";
import type { ScaleMetricPlan } from "../../../pipelines/model/plan/plan";
import { platformUnderTest } from "./platform-under-test";

const lagSource = { kafka: platformUnderTest().kafka, authentication: "solo-kafka" };

function rendered(metric: ScaleMetricPlan): unknown {
  return autoscalingArgs({ minReplicas: 1, maxReplicas: 3, metrics: [metric] }, lagSource)?.metrics?.[0];
}

describe("the metrics of an autoscaler", () => {
  it("follow a resource of the pods", () => {
    assert.deepEqual(
      rendered({
        source: "Resource",
        resource: "memory",
        target: { type: "AverageValue", averageValue: "800Mi" },
      }),
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "AverageValue", averageValue: "800Mi" } },
      },
    );
  });

  it("follow a metric of the pods", () => {
    const metric = { name: "algorunner_runs" };
    const target = { type: "AverageValue", averageValue: "10" } as const;
    assert.deepEqual(rendered({ source: "Pods", metric, target }), {
      type: "Pods",
      pods: { metric: { name: "algorunner_runs" }, target },
    });
  });

  it("follow a metric from outside, narrowed by labels", () => {
    const metric = { name: "kafka_consumergroup_lag", matchLabels: { group: "algorun.acme.texts.solo" } };
    const target = { type: "Value", value: "1k" } as const;
    assert.deepEqual(rendered({ source: "External", metric, target }), {
      type: "External",
      external: {
        metric: {
          name: "kafka_consumergroup_lag",
          selector: { matchLabels: { group: "algorun.acme.texts.solo" } },
        },
        target,
      },
    });
  });

  it("follow a metric of another object", () => {
    const object = { apiVersion: "v1", kind: "Service", name: "endpoint" };
    const target = { type: "Value", value: "100" } as const;
    assert.deepEqual(rendered({ source: "Object", metric: { name: "requests" }, object, target }), {
      type: "Object",
      object: { metric: { name: "requests" }, describedObject: object, target },
    });
  });

  it("are nobody's where nothing scales", () => {
    assert.equal(autoscalingArgs(undefined, lagSource), undefined);
  });
});
