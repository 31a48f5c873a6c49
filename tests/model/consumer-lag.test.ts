import assert from "node:assert/strict";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import { algoOf, broken, hookOf, planOf, platform, problemsOf, withAlgoField } from "./documents-under-test";

const unmeasured: PlatformFacts = { ...platform, consumerLag: undefined };
const metric: PlatformFacts = {
  ...platform,
  consumerLag: {
    source: "metric",
    metricName: "kafka_consumergroup_lag",
    groupLabel: "consumergroup",
    topicLabel: "topic",
  },
};

const lag = "{ sourceType: ConsumerLag, targetType: AverageValue, averageValue: 100 }";
const cpu = "{ sourceType: Resource, targetType: Utilization, resourceName: cpu, averageUtilization: 70 }";
const scaling = (...metrics: readonly string[]): string =>
  `autoscaling: { enabled: true, maxReplicas: 4, metrics: [${metrics.join(", ")}] }`;

const consumerGroup = "algorun.acme.shout.acme-upper-case-1";
const topic = "algorun.acme.shout.endpoint.0.texts";

describe("autoscaling on consumer lag", () => {
  it("is KEDA's where it runs, by the component's own group and topic", () => {
    const { autoscaling, identity } = algoOf(planOf(withAlgoField(scaling(lag))));
    assert.deepEqual(autoscaling, {
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [{ source: "ConsumerLag", consumerGroup, topic, lagPerPod: 100 }],
    });
    assert.equal(identity.consumerGroup, consumerGroup);
    assert.deepEqual(identity.reads, [topic]);
  });

  it("follows the metric that the stack names where KEDA does not run", () => {
    const { autoscaling } = algoOf(planOf(withAlgoField(scaling(lag)), metric));
    assert.deepEqual(autoscaling?.metrics, [
      {
        source: "External",
        metric: {
          name: "kafka_consumergroup_lag",
          matchLabels: { consumergroup: consumerGroup, topic },
        },
        target: { type: "AverageValue", averageValue: "100" },
      },
    ]);
  });

  it("follows each topic by itself, and the resources stated beside it", () => {
    const text = withAlgoField(scaling(lag, cpu))
      .replace("      - name: texts\n", "      - name: more\n      - name: texts\n")
      .replace(
        "  pipes:\n",
        "  pipes:\n    - { sourceName: Endpoint, sourceOutputName: more, destName: 'acme/upper-case:1.0.0[1]', destInputName: Text }\n",
      );
    const { autoscaling } = algoOf(planOf(text));
    assert.deepEqual(
      autoscaling?.metrics.map((each) => (each.source === "ConsumerLag" ? each.topic : each.source)),
      ["algorun.acme.shout.endpoint.0.more", topic, "Resource"],
    );
  });

  it("is the event hook's, too", () => {
    const text = broken("    webHooks:\n", `    ${scaling(lag)}\n    webHooks:\n`);
    assert.deepEqual(hookOf(planOf(text)).autoscaling?.metrics, [
      {
        source: "ConsumerLag",
        consumerGroup: "algorun.acme.shout.hook",
        topic: "algorun.acme.shout.upper-case.1.upper",
        lagPerPod: 100,
      },
    ]);
  });

  it("takes a quantity for the messages of a pod", () => {
    const { autoscaling } = algoOf(planOf(withAlgoField(scaling(lag.replace("100", "2k")))));
    const [first] = autoscaling?.metrics ?? [];
    assert.equal(first?.source === "ConsumerLag" && first.lagPerPod, 2000);
  });

  it("warns of more pods than partitions, since the rest would idle", () => {
    const text = withAlgoField(scaling(lag)).replace(
      "      - name: texts\n",
      "      - name: texts\n        topic: { outputName: texts, partitions: 2 }\n",
    );
    assert.deepEqual(problemsOf(text), [
      "warning shout.yaml:36 spec.endpoint.paths[0].topic.partitions: up to 4 replicas read the path texts of the endpoint, but only 2 can work at a time; set autoPartition: true or partitions: 4",
    ]);
  });

  const endpoint = broken("    paths:\n", `    ${scaling(lag)}\n    paths:\n`);
  const pods = "{ sourceType: Pods, targetType: AverageValue, metricName: runs, averageValue: 5 }";
  const long = "o".repeat(60);
  const faults: readonly (readonly [fault: string, text: string, facts: PlatformFacts, want: string])[] = [
    [
      "on a platform where nobody measures it, with the config key that says so",
      withAlgoField(scaling(lag)),
      unmeasured,
      'error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].sourceType: found "ConsumerLag", but the platform does not say who measures it: set algorun:consumerLag in the stack\'s config, to { source: keda } where KEDA runs or to { source: metric } where the metrics API has it; or follow another metric',
    ],
    [
      "for the endpoint, which reads nothing",
      endpoint,
      platform,
      'error shout.yaml:34 spec.endpoint.autoscaling.metrics[0].sourceType: found "ConsumerLag", but no topic is read here, so that nothing can lag; follow cpu or memory',
    ],
    [
      "beside a metric that KEDA can't follow",
      withAlgoField(scaling(lag, pods)),
      platform,
      'error shout.yaml:41 spec.algos[0].autoscaling.metrics[1].sourceType: found "Pods" beside ConsumerLag, expected only "Resource", since KEDA follows no metric of this kind; remove one of them',
    ],
    [
      "twice",
      withAlgoField(scaling(lag, lag)),
      platform,
      "error shout.yaml:41 spec.algos[0].autoscaling.metrics[1].sourceType: a second ConsumerLag, expected one: it follows every topic that is read",
    ],
    [
      "with another target than messages for each pod",
      withAlgoField(scaling("{ sourceType: ConsumerLag, targetType: Value, value: 5 }")),
      platform,
      'error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].targetType: found "Value", expected "AverageValue" for sourceType ConsumerLag',
    ],
    [
      "with a part of a message",
      withAlgoField(scaling(lag.replace("100", "500m"))),
      platform,
      "error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].averageValue: found 500m, expected a whole number of messages from 1",
    ],
    [
      "by labels that are too long for the metrics API",
      withAlgoField(scaling(lag)).replace("deploymentName: shout", `deploymentName: ${long}`),
      metric,
      `error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].sourceType: the metric kafka_consumergroup_lag is selected by the label algorun.acme.${long}.acme-upper-case-1, which has 91 characters, expected at most 63; give the deployment a shorter name or the topic a shorter topicName, or use KEDA (algorun:consumerLag)`,
    ],
  ];
  for (const [fault, text, facts, want] of faults) {
    it(`is refused ${fault}`, () => {
      assert.ok(problemsOf(text, facts).includes(want), problemsOf(text, facts).join("\n"));
    });
  }

  it("stands beside any metric where KEDA does not run", () => {
    assert.deepEqual(problemsOf(withAlgoField(scaling(lag, pods)), metric), []);
  });
});

describe("autoscaling on a resource", () => {
  it("is refused for what Kubernetes does not measure", () => {
    assert.deepEqual(
      problemsOf(withAlgoField(scaling(cpu.replace("resourceName: cpu", "resourceName: disk")))),
      [
        'error shout.yaml:41 spec.algos[0].autoscaling.metrics[0].resourceName: found "disk", expected "cpu" or "memory", which Kubernetes measures',
      ],
    );
  });
});
