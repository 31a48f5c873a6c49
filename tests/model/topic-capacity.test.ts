import assert from "node:assert/strict";
import type { TopicStorage } from "../../pipelines/model/capacity/capacity";
import { topicCapacity } from "../../pipelines/model/capacity/topic-capacity";
import type { TopicPlan } from "../../pipelines/model/plan/plan";
import { amountOf } from "../../pipelines/model/values/amount";
import { planOf, platform, withAlgoField, withPathField } from "./documents-under-test";

/** A topic of four partitions and two copies with these parameters, and a load of 10 messages of 1,000 bytes a second. */
function storageOf(
  parameters: Readonly<Record<string, string>>,
  other: Partial<TopicPlan> = {},
): TopicStorage {
  const topic: TopicPlan = {
    name: "texts",
    nameBecause: "stated",
    partitions: 4,
    partitionsBecause: { rule: "stated" },
    replicationFactor: 2,
    parameters,
    parametersBecause: {},
    expectedLoad: { messagesPerSecond: 10, averageMessageSize: "1k" },
    producedBy: { component: "endpoint", port: "texts" },
    consumedBy: [],
    ...other,
  };
  return topicCapacity(topic, platform).storage;
}

const bytes = (count: number | string): bigint => amountOf(count);
const hour = "3600000";

const given: readonly (readonly [
  is: string,
  parameters: Readonly<Record<string, string>>,
  other: Partial<TopicPlan>,
  want: TopicStorage,
])[] = [
  [
    "its load for as long as it is kept, in all copies",
    { "retention.ms": hour },
    {},
    { rule: "rate", bytes: bytes(10 * 1000 * 3600 * 2) },
  ],
  ["Kafka's seven days where it says nothing", {}, {}, { rule: "rate", bytes: bytes(10_000 * 604_800 * 2) }],
  [
    "in the platform's copies where it states none",
    { "retention.ms": hour },
    { replicationFactor: undefined },
    { rule: "rate", bytes: bytes(36_000_000 * 3) },
  ],
  [
    "of a fraction of a message, too",
    { "retention.ms": hour },
    { expectedLoad: { messagesPerSecond: 0.001, averageMessageSize: "1Ki" } },
    { rule: "rate", bytes: 7_372_800n },
  ],
  [
    "its size bound for each partition, if that is less",
    { "retention.ms": hour, "retention.bytes": "1000000" },
    {},
    { rule: "retentionBytes", bytes: bytes(1_000_000 * 4 * 2) },
  ],
  [
    "its load, if the size bound is more",
    { "retention.ms": hour, "retention.bytes": "1000000000" },
    {},
    { rule: "rate", bytes: bytes(72_000_000) },
  ],
  [
    "its size bound, whatever its load is",
    { "retention.bytes": "1000000" },
    { expectedLoad: undefined },
    { rule: "retentionBytes", bytes: bytes(8_000_000) },
  ],
  [
    "its size bound, if it is kept for ever",
    { "retention.ms": "-1", "retention.bytes": "1000000" },
    {},
    { rule: "retentionBytes", bytes: bytes(8_000_000) },
  ],
  ["unknown without a load", { "retention.ms": hour }, { expectedLoad: undefined }, { rule: "noRate" }],
  ["unknown if it is kept for ever", { "retention.ms": "-1" }, {}, { rule: "keptForEver" }],
  [
    "unknown if it is compacted, since nobody knows its keys",
    { "cleanup.policy": "compact", "retention.ms": hour, "retention.bytes": "1000000" },
    {},
    { rule: "compacted" },
  ],
  [
    "its load if it is compacted and deletes",
    { "cleanup.policy": "compact,delete", "retention.ms": hour },
    {},
    { rule: "rate", bytes: bytes(72_000_000) },
  ],
];

describe("what a topic holds at the most is", () => {
  for (const [is, parameters, other, want] of given) {
    it(is, () => {
      assert.deepEqual(storageOf(parameters, other), want);
    });
  }

  it("counted for partitions with their copies", () => {
    const plan = planOf(withPathField("topic: { outputName: texts, partitions: 5, replicationFactor: 2 }"));
    const counted = plan.topics.map((topic) => topicCapacity(topic, platform));
    assert.deepEqual(
      counted.map(({ partitions, copies }) => [partitions, copies]),
      [
        [5, 10],
        [1, 3],
        [1, 2],
        [3, 9],
      ],
    );
  });
});

describe("the load of a document", () => {
  const load = "expectedLoad: { messagesPerSecond: 20, averageMessageSize: 2Ki }";

  /** Loads of the topics of a document, by who writes them. */
  function loads(text: string): Readonly<Record<string, unknown>> {
    const { topics } = planOf(text);
    return Object.fromEntries(
      topics.map(({ producedBy, purpose, expectedLoad }) => [
        `${producedBy.component} ${purpose ?? ""}`.trim(),
        expectedLoad?.messagesPerSecond,
      ]),
    );
  }

  it("is that of the path, and of no topic behind it", () => {
    assert.deepEqual(loads(withPathField(load)), {
      endpoint: 20,
      "acme-upper-case-1-0-0-1": undefined,
      "acme-upper-case-1-0-0-1 deadLetter": undefined,
      "hook deadLetter": undefined,
    });
  });

  it("may stand in the topic", () => {
    const topic = `topic: { outputName: texts, partitions: 3, ${load} }`;
    assert.equal(loads(withPathField(topic))["endpoint"], 20);
    const ofAlgo = `topics: [{ outputName: Upper, partitions: 3, ${load} }]`;
    assert.equal(loads(withAlgoField(ofAlgo))["acme-upper-case-1-0-0-1"], 20);
  });

  it("is that of a topic which the output had before, and unknown for messages that fail", () => {
    const replaced = withPathField(
      `topic: { outputName: texts, partitions: 3, topicName: new, replaces: [{ topicName: old, partitions: 2 }], ${load} }`,
    );
    assert.equal(loads(replaced)["endpoint replaced"], 20);
    const retried = withPathField(load).replace(
      "      index: 1\n",
      "      index: 1\n      retryEnabled: true\n      retryStrategy: { strategy: RetryTopics, steps: [{ index: 1, backoffDuration: 30s }] }\n",
    );
    const found = loads(retried);
    assert.deepEqual(
      [found["acme-upper-case-1-0-0-1 retry"], found["acme-upper-case-1-0-0-1 deadLetter"]],
      [undefined, undefined],
    );
    assert.equal(Object.keys(found).length, 5);
  });
});
