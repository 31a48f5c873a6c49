import assert from "node:assert/strict";
import { retryTopicName, topicLength } from "../../pipelines/model/values/names";
import type { PipelinePlan, TopicPlan } from "../../pipelines/model/plan/plan";
import { algoOf, endpointOf, planOf, soundText, withAlgoField } from "./documents-under-test";

const texts = "algorun.acme.shout.endpoint.0.texts";
const dayMs = 86_400_000;

const steps =
  "steps: [{ index: 2, backoffDuration: 1h, repeat: 3 }, { index: 1, backoffDuration: 30s }, { index: 3, backoffDuration: 30s, repeat: 2 }]";

/** The sound documents with an algo that retries. */
function retrying(strategy: string, more = ""): string {
  return withAlgoField(`retryEnabled: true\n      retryStrategy: { ${strategy} }${more}`);
}

/** Fields of the topic of the endpoint's path, in a text made of the sound documents. */
function withTopic(text: string, fields: string): string {
  return text.replace(
    "      - name: texts\n",
    `      - name: texts\n        topic: { outputName: texts, ${fields} }\n`,
  );
}

function topicOf({ topics }: PipelinePlan, name: string): TopicPlan {
  const topic = topics.find((each) => each.name === name);
  assert.ok(topic, `no ${name} among ${topics.map((each) => each.name).join(", ")}`);
  return topic;
}

describe("a retry through topics", () => {
  const plan = planOf(retrying(`strategy: RetryTopics, ${steps}`));

  it("has a topic for each back-off, steps in order of their index, and dead letters", () => {
    assert.deepEqual(algoOf(plan).retries, [
      {
        topic: texts,
        strategy: "RetryTopics",
        steps: [
          { index: 1, backoffMs: 30_000, attempts: 1, topic: `${texts}.30s` },
          { index: 2, backoffMs: 3_600_000, attempts: 3, topic: `${texts}.1h` },
          { index: 3, backoffMs: 30_000, attempts: 2, topic: `${texts}.30s` },
        ],
        deadLetterTopic: `${texts}.dlq`,
      },
    ]);
    assert.deepEqual(
      plan.topics.filter(({ purpose }) => purpose !== undefined).map(({ name, purpose }) => [name, purpose]),
      [
        [`${texts}.1h`, "retry"],
        [`${texts}.30s`, "retry"],
        [`${texts}.dlq`, "deadLetter"],
        ["algorun.acme.shout.hook.0.dead-letters", "deadLetter"],
      ],
    );
  });

  it("lets the algo write and read the topics of its steps, and write its dead letters", () => {
    const { identity } = algoOf(plan);
    const upper = "algorun.acme.shout.upper-case.1.upper";
    assert.deepEqual(identity.reads, [texts, `${texts}.1h`, `${texts}.30s`]);
    assert.deepEqual(identity.writes, [`${texts}.1h`, `${texts}.30s`, `${texts}.dlq`, upper]);
    assert.deepEqual(endpointOf(plan).identity.writes, [texts]);
  });

  it("tells the runner everything, and keeps the topics out of the algo's inputs", () => {
    const { runnerConfig, retries, inputs, environment } = algoOf(plan);
    assert.deepEqual(runnerConfig?.["retries"], retries);
    assert.deepEqual(inputs[0]?.topics, [texts]);
    assert.equal(environment["KAFKA_INPUT_TOPIC_TEXT"], texts);
  });

  it("keeps waiting messages for a week longer than all back-offs, from when they were put there", () => {
    const waiting = 30_000 + 3 * 3_600_000 + 2 * 30_000;
    assert.deepEqual(topicOf(plan, `${texts}.1h`).parameters, {
      "cleanup.policy": "delete",
      "max.message.bytes": "1064972",
      "message.timestamp.type": "LogAppendTime",
      "min.insync.replicas": "2",
      "retention.bytes": "-1",
      "retention.ms": String(waiting + 7 * dayMs),
    });
  });

  it("is named after the document's suffix, in small letters; an empty one is none", () => {
    const dead = (suffix: string): string | undefined =>
      algoOf(planOf(retrying(`strategy: RetryTopics, deadLetterSuffix: ${suffix}`))).retries[0]
        ?.deadLetterTopic;
    assert.equal(dead("Failed.orders"), `${texts}.failed.orders`);
    assert.equal(dead("''"), `${texts}.dlq`);
  });

  it("keeps the names of its topics when the algo's version changes", () => {
    const next = planOf(retrying(`strategy: RetryTopics, ${steps}`).replaceAll("1.0.0", "2.0.0"));
    const names = ({ topics }: PipelinePlan): readonly string[] => topics.map(({ name }) => name);
    assert.deepEqual(names(next), names(plan));
  });

  it("counts an index by the place in the list where none is stated, and 0 repeats as one try", () => {
    const { retries } = algoOf(
      planOf(
        retrying(
          "strategy: RetryTopics, steps: [{ backoffDuration: 1m30s, repeat: 0 }, { backoffDuration: 1.5h }]",
        ),
      ),
    );
    assert.deepEqual(
      retries[0]?.steps.map(({ index, backoffMs, attempts }) => [index, backoffMs, attempts]),
      [
        [0, 90_000, 1],
        [1, 5_400_000, 1],
      ],
    );
  });
});

describe("retry topics, beside what is stated for the topic they serve", () => {
  const stated =
    "replicationFactor: 2, partitions: 6, topicParams: [{ name: retention.ms, value: 60000 }, { name: max.message.bytes, value: 2000000 }, { name: cleanup.policy, value: 'compact,delete' }, { name: retention.bytes, value: 1000 }]";
  const plan = planOf(withTopic(retrying("strategy: RetryTopics, steps: [{ backoffDuration: 5m }]"), stated));

  it("have its partitions and copies, and room for larger messages", () => {
    const { partitions, partitionsBecause, replicationFactor, parameters } = topicOf(plan, `${texts}.5m`);
    assert.deepEqual([partitions, replicationFactor], [6, 2]);
    assert.deepEqual(partitionsBecause, { rule: "retryOf", topic: texts });
    assert.equal(parameters["min.insync.replicas"], "1");
    assert.equal(parameters["max.message.bytes"], "2016384");
  });

  it("are not compacted, and not kept for less", () => {
    for (const [name, retention] of [
      [`${texts}.5m`, 300_000 + 7 * dayMs],
      [`${texts}.dlq`, 30 * dayMs],
    ] as const) {
      const { parameters } = topicOf(plan, name);
      assert.equal(parameters["cleanup.policy"], "delete");
      assert.equal(parameters["retention.bytes"], "-1");
      assert.equal(parameters["retention.ms"], String(retention));
    }
  });

  it("keep dead letters as long as the messages, if that is longer", () => {
    const kept = (retention: string): string | undefined =>
      topicOf(
        planOf(
          withTopic(
            retrying("strategy: Simple"),
            `topicParams: [{ name: retention.ms, value: ${retention} }]`,
          ),
        ),
        `${texts}.dlq`,
      ).parameters["retention.ms"];
    assert.equal(kept(String(90 * dayMs)), String(90 * dayMs));
    assert.equal(kept("-1"), "-1");
  });
});

describe("retry topics of a topic that doesn't state how large its messages are", () => {
  it("take Kafka's default with room for headers", () => {
    const plan = planOf(retrying("strategy: RetryTopics, steps: [{ backoffDuration: 5m }]"));
    for (const ending of ["5m", "dlq"])
      assert.equal(topicOf(plan, `${texts}.${ending}`).parameters["max.message.bytes"], "1064972");
  });
});

describe("a simple retry", () => {
  it("needs no topic but that of its dead letters, and a longer poll interval", () => {
    const plan = planOf(
      retrying("strategy: Simple, steps: [{ backoffDuration: 1m, repeat: 3 }]", "\n      timeoutSeconds: 10"),
    );
    assert.deepEqual(algoOf(plan).retries, [
      {
        topic: texts,
        strategy: "Simple",
        steps: [{ index: 0, backoffMs: 60_000, attempts: 3 }],
        deadLetterTopic: `${texts}.dlq`,
        // Three back-offs and four attempts are 220 s: below Kafka's default.
        maxPollIntervalMs: 300_000,
      },
    ]);
    assert.deepEqual(algoOf(plan).identity.reads, [texts]);
  });

  it("covers all back-offs and attempts with the poll interval", () => {
    const plan = planOf(
      retrying("strategy: Simple, steps: [{ backoffDuration: 5m, repeat: 2 }]", "\n      timeoutSeconds: 20"),
    );
    assert.equal(algoOf(plan).retries[0]?.maxPollIntervalMs, 2 * 300_000 + 3 * 20_000 + 60_000);
  });
});

describe("the strategy of a topic", () => {
  const override = "overrideRetryStrategy: true, retryStrategy: { strategy: Simple, deadLetterSuffix: lost }";

  it("takes the place of the algo's, where it overrides", () => {
    const own = retrying("strategy: RetryTopics, steps: [{ backoffDuration: 5m }]");
    assert.deepEqual(
      algoOf(planOf(withTopic(own, override))).retries.map(({ strategy, deadLetterTopic }) => [
        strategy,
        deadLetterTopic,
      ]),
      [["Simple", `${texts}.lost`]],
    );
  });

  it("is enough for an algo that has none of its own", () => {
    const text = withTopic(withAlgoField("retryEnabled: true"), override);
    assert.equal(algoOf(planOf(text)).retries[0]?.deadLetterTopic, `${texts}.lost`);
  });

  it("makes no algo retry that doesn't", () => {
    assert.deepEqual(algoOf(planOf(withTopic(soundText, override))).retries, []);
  });
});

describe("several algos that retry messages of one topic", () => {
  const retry =
    "retryEnabled: true, retryStrategy: { strategy: RetryTopics, steps: [{ backoffDuration: 5m }] }";
  const first = `{ algoRef: { name: upper-case }, version: "1.0.0", ${retry} }`;
  const second = `{ algoRef: { name: upper-case }, version: "1.0.0", index: 2, ownRetryTopics: true, ${retry} }`;
  const pipe =
    '{ sourceName: Endpoint, sourceOutputName: texts, destName: "acme/upper-case:1.0.0[2]", destInputName: Text }';
  const alone = soundText.replace(/- algoRef.*\n.*\n.*\n/, `- ${first}\n`);
  const both = alone.replace(`- ${first}\n`, `- ${first}\n    - ${second}\n`) + `    - ${pipe}\n`;
  const written = (text: string): readonly (readonly string[])[] =>
    planOf(text)
      .topics.filter(({ purpose }) => purpose !== undefined)
      .map(({ name, producedBy }) => [name, producedBy.component]);

  it("have topics of their own, and those of the first keep their names", () => {
    const ofFirst = [
      [`${texts}.5m`, "acme-upper-case-1-0-0-1"],
      [`${texts}.dlq`, "acme-upper-case-1-0-0-1"],
    ];
    const ofHook = ["algorun.acme.shout.hook.0.dead-letters", "hook"];
    assert.deepEqual(written(alone), [...ofFirst, ofHook]);
    assert.deepEqual(written(both), [
      ...ofFirst,
      [`${texts}.upper-case.2.5m`, "acme-upper-case-1-0-0-2"],
      [`${texts}.upper-case.2.dlq`, "acme-upper-case-1-0-0-2"],
      ofHook,
    ]);
  });
});

describe("names of retry topics", () => {
  it("are shortened with a hash, each to another", () => {
    const owner = { algo: { name: "a" }, spec: { ownRetryTopics: false, index: 1 } };
    const long = "t".repeat(topicLength);
    const names = ["5m", "30s", "dlq"].map((suffix) => retryTopicName(long, owner, suffix));
    assert.equal(new Set(names).size, 3);
    for (const name of names) assert.ok(name.length <= topicLength);
    assert.equal(retryTopicName("t".repeat(245), owner, "dlq"), `${"t".repeat(245)}.dlq`);
  });
});
