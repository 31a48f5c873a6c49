import assert from "node:assert/strict";
import fc from "fast-check";
import { minimumInSync } from "../../pipelines/model/topics/topic-configuration";
import { planOf, problemsOf, withPathField } from "./documents-under-test";

/** The sound documents with parameters of the topic of its endpoint. */
function withParameters(parameters: readonly (readonly [name: string, value: string])[], more = ""): string {
  const list = parameters.map(([name, value]) => `{ name: ${name}, value: ${value} }`).join(", ");
  return withPathField(`topic: { outputName: texts, ${more}topicParams: [${list}] }`);
}

function parametersOf(text: string): Readonly<Record<string, string>> | undefined {
  return planOf(text).topics.find(({ producedBy }) => producedBy.component === "endpoint")?.parameters;
}

const at = "shout.yaml:36 spec.endpoint.paths[0].topic.topicParams[0]";

describe("copies that must be in sync", () => {
  it("are derived from the number of copies, as the document or else the platform has it", () => {
    assert.deepEqual(parametersOf(withParameters([])), { "min.insync.replicas": "2" });
    assert.deepEqual(parametersOf(withParameters([], "replicationFactor: 2, ")), {
      "min.insync.replicas": "1",
    });
    assert.deepEqual(parametersOf(withParameters([["min.insync.replicas", "1"]])), {
      "min.insync.replicas": "1",
    });
  });

  it("leave room for a broker to be down, and grow with the copies", () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(minimumInSync), [1, 1, 2, 3, 3]);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 32 }), (copies) => {
        assert.ok(minimumInSync(copies) >= 1);
        assert.ok(minimumInSync(copies) < copies);
        assert.ok(minimumInSync(copies + 1) >= minimumInSync(copies));
      }),
    );
  });

  it("deserve a warning when they are all of them", () => {
    assert.deepEqual(problemsOf(withParameters([["min.insync.replicas", "3"]])), [
      `warning ${at}.value: min.insync.replicas is 3, as many as there are copies: whenever a broker restarts, nothing can be written; set it to 2, or raise replicationFactor`,
    ]);
  });
});

describe("values of topic parameters", () => {
  const accepted: readonly (readonly [name: string, values: readonly string[]])[] = [
    ["cleanup.policy", ["delete", "compact", "'compact,delete'", "'delete, compact'"]],
    ["compression.type", ["zstd", "producer"]],
    ["compression.gzip.level", ["-1", "9"]],
    ["compression.zstd.level", ["-131072", "22"]],
    ["retention.ms", ["-1", "'604800000'", "'9223372036854775807'"]],
    ["segment.bytes", ["1048576", "2147483647"]],
    ["preallocate", ["true", "'false'"]],
    ["min.cleanable.dirty.ratio", ["0", "0.25", "1"]],
    ["leader.replication.throttled.replicas", ["'*'", "'0:1,1:2'"]],
  ];
  for (const [name, values] of accepted) {
    it(`are accepted for ${name}: ${values.join(", ")}`, () => {
      for (const value of values) {
        const errors = problemsOf(withParameters([[name, value]])).filter((line) => line.startsWith("error"));
        assert.deepEqual(errors, []);
      }
    });
  }

  const refused: readonly (readonly [name: string, value: string, found: string, expected: string])[] = [
    ["retention.ms", "7d", "7d", "a whole number of milliseconds, at least -1"],
    ["retention.ms", "-2", "-2", "a whole number of milliseconds, at least -1"],
    ["retention.ms", "1.5", "1.5", "a whole number of milliseconds, at least -1"],
    [
      "retention.ms",
      "'9223372036854775808'",
      "9223372036854775808",
      "a whole number of milliseconds, at least -1",
    ],
    ["segment.bytes", "1024", "1024", "a whole number of bytes, at least 1048576"],
    ["segment.bytes", "2147483648", "2147483648", "a whole number of bytes, at least 1048576"],
    ["compression.lz4.level", "18", "18", "a whole number, at least 1 and at most 17"],
    ["cleanup.policy", "remove", "remove", '"compact" or "delete", or several of them joined by commas'],
    [
      "cleanup.policy",
      "'delete,delete'",
      "delete,delete",
      '"compact" or "delete", or several of them joined by commas',
    ],
    ["message.timestamp.type", "createtime", "createtime", '"CreateTime" or "LogAppendTime"'],
    ["preallocate", "'yes'", "yes", '"true" or "false"'],
    ["min.cleanable.dirty.ratio", "1.1", "1.1", "a number from 0 to 1"],
    [
      "follower.replication.throttled.replicas",
      "all",
      "all",
      "partition:broker pairs joined by commas, or *",
    ],
  ];
  for (const [name, value, found, expected] of refused) {
    it(`are refused for ${name}: ${value}`, () => {
      assert.deepEqual(problemsOf(withParameters([[name, value]])), [
        `error ${at}.value: found "${found}", expected ${expected} for ${name}`,
      ]);
    });
  }
});

describe("topic parameters", () => {
  const faults: readonly (readonly [
    what: string,
    given: readonly (readonly [string, string])[],
    want: string,
  ])[] = [
    [
      "one that Kafka no longer has",
      [["message.format.version", "'2.8'"]],
      `error ${at}.name: found "message.format.version", expected a topic configuration of Kafka; Kafka 4 has a single message format; remove it`,
    ],
    [
      "a retention of a topic that is only compacted",
      [
        ["retention.ms", "1000"],
        ["cleanup.policy", "compact"],
      ],
      `warning ${at}: retention.ms has no effect with cleanup.policy compact, which keeps the last message of every key for ever; remove it`,
    ],
    [
      "a compaction that does not happen",
      [["min.compaction.lag.ms", "1000"]],
      `warning ${at}: min.compaction.lag.ms has no effect without compact in cleanup.policy; remove it`,
    ],
    [
      "a compaction that may not begin before it must",
      [
        ["min.compaction.lag.ms", "1000"],
        ["max.compaction.lag.ms", "999"],
        ["cleanup.policy", "'compact,delete'"],
      ],
      `error ${at}: min.compaction.lag.ms is 1000, expected at most max.compaction.lag.ms, which is 999`,
    ],
    [
      "a compacted topic in remote storage",
      [
        ["remote.storage.enable", "true"],
        ["cleanup.policy", "compact"],
      ],
      `error ${at}: Kafka keeps no compacted topic in remote storage; remove it, or set cleanup.policy to delete`,
    ],
    [
      "a local retention that is longer than the whole",
      [
        ["local.retention.ms", "2000"],
        ["retention.ms", "1000"],
        ["remote.storage.enable", "true"],
      ],
      `error ${at}: local.retention.ms is 2000, expected at most retention.ms, which is 1000`,
    ],
  ];
  for (const [what, given, want] of faults) {
    it(`are checked against each other: ${what}`, () => {
      assert.deepEqual(problemsOf(withParameters(given)), [want]);
    });
  }
});
