import { broken, describeFaults, withAlgoField } from "./documents-under-test";

const retrying = (strategy: string, more = ""): string =>
  withAlgoField(`retryEnabled: true\n      retryStrategy: { ${strategy} }${more}`);

/** The sound documents with fields in the topic of the endpoint's path. */
const withTopic = (fields: string, text: string): string =>
  text.replace(
    "      - name: texts\n",
    `      - name: texts\n        topic: { outputName: texts, autoPartition: true, ${fields} }\n`,
  );

const strategyAt = "shout.yaml:42 spec.algos[0].retryStrategy";

describeFaults("retries that can't work", [
  [
    "a strategy that nobody ever built",
    retrying("strategy: StatefulOrdered"),
    [
      `error ${strategyAt}.strategy: found "StatefulOrdered", expected "Simple" or "RetryTopics"; use Simple, which keeps the order: messages behind the failed one wait`,
    ],
  ],
  [
    "another one",
    retrying("strategy: StatefulUnordered"),
    [
      `error ${strategyAt}.strategy: found "StatefulUnordered", expected "Simple" or "RetryTopics"; use RetryTopics, which lets other messages pass the failed one`,
    ],
  ],
  [
    "a mistyped one",
    retrying("strategy: RetryTopic"),
    [
      `error ${strategyAt}.strategy: found "RetryTopic", expected "Simple" or "RetryTopics"; did you mean "RetryTopics"?`,
    ],
  ],
  [
    "no strategy",
    withAlgoField("retryEnabled: true"),
    [
      "error shout.yaml:38 spec.algos[0].retryStrategy: is missing, expected a strategy, since retryEnabled is true; with { strategy: Simple } a message that fails goes to the dead letters at once",
    ],
  ],
  [
    "a back-off that is no duration",
    retrying("strategy: RetryTopics, steps: [{ backoffDuration: 5 minutes }]"),
    [
      `error ${strategyAt}.steps[0].backoffDuration: found "5 minutes", expected a duration such as 500ms, 10s or 1m30s`,
    ],
  ],
  [
    "a step without a back-off",
    retrying("strategy: RetryTopics, steps: [{ repeat: 2 }]"),
    [`error ${strategyAt}.steps[0].backoffDuration: is missing, expected text`],
  ],
  [
    "two steps with one index",
    retrying(
      "strategy: RetryTopics, steps: [{ index: 1, backoffDuration: 5m }, { index: 1, backoffDuration: 1h }]",
    ),
    [
      `error ${strategyAt}.steps[1].index: a second step with index 1, expected each once, since it says which step comes first`,
    ],
  ],
  [
    "dead letters in the topic of a step",
    retrying("strategy: RetryTopics, deadLetterSuffix: 5m, steps: [{ backoffDuration: 5m }]"),
    [
      `error ${strategyAt}.steps[0].backoffDuration: found "5m", which is the deadLetterSuffix as well, expected another: they would be one topic`,
    ],
  ],
  [
    "a suffix that Kafka does not allow",
    retrying("strategy: RetryTopics, deadLetterSuffix: 'dead letters'"),
    [
      `error ${strategyAt}.deadLetterSuffix: found "dead letters", expected letters, digits, '.', '_' and '-'`,
    ],
  ],
  [
    "back-offs of months",
    retrying("strategy: RetryTopics, steps: [{ backoffDuration: 300h, repeat: 3 }]"),
    [
      `error ${strategyAt}.steps: all back-offs together are 900h, expected at most 720h; let a scheduler send again what must wait longer`,
    ],
  ],
  [
    "a partition that is held for more than a day",
    retrying("strategy: Simple, steps: [{ backoffDuration: 12h, repeat: 2 }]"),
    [
      `error ${strategyAt}.steps: a message that fails holds all messages behind it in its partition for up to 24h3m, expected at most 23h59m with Simple; use RetryTopics`,
    ],
  ],
  [
    "an algo that has no runner",
    retrying("strategy: Simple")
      .replace("executor: http", "executor: Delegated")
      .replace("inputDeliveryType: Http", "inputDeliveryType: KafkaTopic")
      .replace("outputDeliveryType: HttpResponse", "outputDeliveryType: KafkaTopic"),
    [
      "error shout.yaml:41 spec.algos[0].retryEnabled: has no effect with executor Delegated, which has no runner: the algo itself tries again; remove it",
    ],
  ],
  [
    "an override that says nothing",
    withTopic("overrideRetryStrategy: true", retrying("strategy: Simple")),
    [
      "error shout.yaml:36 spec.endpoint.paths[0].topic.retryStrategy: is missing, expected the strategy that overrideRetryStrategy: true announces; to try nothing again, give it no steps",
    ],
  ],
  [
    "dead letters in the topic of an output",
    withTopic(
      "topicName: 'acme.texts'",
      retrying(
        "strategy: Simple",
        "\n      topics: [{ outputName: Upper, topicName: acme_texts.dlq, autoPartition: true }]",
      ),
    ),
    [
      "error shout.yaml:44 spec.algos[0].topics[0].topicName: the topic acme_texts.dlq of the output Upper of acme/upper-case:1.0.0[1] of acme.shout is, to Kafka, the topic of the messages of acme.texts that acme/upper-case:1.0.0[1] of acme.shout gave up (shout.yaml:43); give one of them another topicName",
    ],
  ],
  [
    "two algos with the same retry topics",
    `${broken(
      "  eventHook:\n",
      `    - { algoRef: { name: upper-case }, version: "1.0.0", index: 2, retryEnabled: true, retryStrategy: { strategy: Simple } }\n  eventHook:\n`,
    ).replace(
      "      index: 1\n",
      "      index: 1\n      retryEnabled: true\n      retryStrategy: { strategy: Simple }\n",
    )}    - sourceName: Endpoint
      sourceOutputName: texts
      destName: acme/upper-case:1.0.0[2]
      destInputName: Text
`,
    [
      "warning shout.yaml:43 spec.algos[1]: no pipe leads from the output Upper of acme/upper-case:1.0.0[2]: it is dropped",
      "error shout.yaml:43 spec.algos[1].ownRetryTopics: acme/upper-case:1.0.0[2] and acme/upper-case:1.0.0[1] (line 38) retry messages of the same topic algorun.acme.shout.endpoint.0.texts, and would read each other's from the retry topics; set ownRetryTopics: true for the one that came last, so that the topics of the other keep their names",
    ],
  ],
]);

describeFaults("retries that deserve a look", [
  [
    "a partition that is held for long",
    retrying("strategy: Simple, steps: [{ backoffDuration: 10m, repeat: 2 }]"),
    [
      `warning ${strategyAt}.steps: a message that fails holds all messages behind it in its partition for up to 23m; use RetryTopics, unless their order matters more`,
    ],
  ],
  [
    "a strategy that is not switched on",
    withAlgoField("retryStrategy: { strategy: Simple }\n      ownRetryTopics: true"),
    [
      "warning shout.yaml:41 spec.algos[0].retryStrategy: has no effect without retryEnabled: true; set it, or remove this",
      "warning shout.yaml:42 spec.algos[0].ownRetryTopics: has no effect without retryEnabled: true; set it, or remove this",
    ],
  ],
  [
    "a topic's strategy that does not override",
    withTopic("retryStrategy: { strategy: Simple }", retrying("strategy: Simple")),
    [
      "warning shout.yaml:36 spec.endpoint.paths[0].topic.retryStrategy: has no effect without overrideRetryStrategy: true; set it, or remove the strategy: those of the algos that read the topic count",
    ],
  ],
  [
    "an override that nobody reads",
    withTopic(
      "overrideRetryStrategy: true, retryStrategy: { strategy: Simple }",
      broken("  pipes:\n", "  pipes:\n"),
    ),
    [
      "warning shout.yaml:36 spec.endpoint.paths[0].topic.overrideRetryStrategy: has no effect, since no algo that reads the topic has retryEnabled: true",
    ],
  ],
  [
    "an algo's strategy that every topic overrides",
    withTopic(
      "overrideRetryStrategy: true, retryStrategy: { strategy: Simple }",
      retrying("strategy: Simple"),
    ),
    [
      `warning shout.yaml:43 spec.algos[0].retryStrategy: has no effect, since every topic that the algo reads overrides it; remove it`,
    ],
  ],
]);
