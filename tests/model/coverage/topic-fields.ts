import { field, type PartField } from "./covered-field";

const step = { index: 1, backoffDuration: "10s", repeat: 2 };
const strategy = { strategy: "RetryTopics", deadLetterSuffix: "dead", steps: [step] };
const later = { index: 2, backoffDuration: "20s" };

/** How messages that failed are tried again, and a strategy that differs in each field. */
const retries: readonly (readonly [path: string, meaning: string, after: object, before?: object])[] = [
  ["strategy", "Simple or RetryTopics; others are refused", { ...strategy, strategy: "Simple" }],
  ["deadLetterSuffix", "end of the dead-letter topic's name", { ...strategy, deadLetterSuffix: "lost" }],
  [
    "steps[].index",
    "order of the steps",
    { ...strategy, steps: [{ ...step, index: 3 }, later] },
    { ...strategy, steps: [step, later] },
  ],
  [
    "steps[].backoffDuration",
    "time before the next try",
    { ...strategy, steps: [{ ...step, backoffDuration: "1m" }] },
  ],
  ["steps[].repeat", "number of tries", { ...strategy, steps: [{ ...step, repeat: 3 }] }],
];

/** What an algo does with messages that failed. */
export const retryFields: readonly PartField[] = retries.map(([path, meaning, after, before = strategy]) =>
  field("honoured", path, meaning, { at: "", before, after }),
);

/** The topic of one output. */
export function topicFields(outputName: string): readonly PartField[] {
  const ofTopic = (path: string, meaning: string, other: object, before: object = {}): PartField =>
    field("honoured", path, meaning, {
      at: "",
      before: { outputName, ...before },
      after: { outputName, ...before, ...other },
    });
  const manual = { autoPartition: false, partitions: 4 };
  return [
    field("checked", "outputName", "output that the topic carries", {
      at: "",
      after: { outputName: "none" },
    }),
    field("checked", "autoName", "false asks for a topicName", {
      at: "",
      after: { outputName, autoName: false },
    }),
    ofTopic("topicName", "name of the topic", { topicName: "acme.other" }),
    ofTopic("autoPartition", "partitions after the readers", { autoPartition: true }, { partitions: 1 }),
    ofTopic("partitions", "number of partitions", { partitions: 5 }, manual),
    ofTopic("replicationFactor", "copies of each partition", { replicationFactor: 2 }),
    ofTopic(
      "topicParams[].name",
      "Kafka's topic configuration",
      { topicParams: [{ name: "segment.ms", value: "86400000" }] },
      { topicParams: [{ name: "retention.ms", value: "86400000" }] },
    ),
    ofTopic(
      "topicParams[].value",
      "Kafka's topic configuration",
      { topicParams: [{ name: "retention.ms", value: "172800000" }] },
      { topicParams: [{ name: "retention.ms", value: "86400000" }] },
    ),
    ofTopic(
      "overrideRetryStrategy",
      "whether the topic's own strategy counts",
      { overrideRetryStrategy: false },
      { overrideRetryStrategy: true, retryStrategy: strategy },
    ),
    ...retries.map(([path, meaning, after, before = strategy]) =>
      ofTopic(
        `retryStrategy.${path}`,
        meaning,
        { retryStrategy: after },
        { overrideRetryStrategy: true, retryStrategy: before },
      ),
    ),
  ];
}
