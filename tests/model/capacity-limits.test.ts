import assert from "node:assert/strict";
import { parseDocuments } from "../../pipelines/model/document/documents";
import { formatProblem } from "../../pipelines/model/document/problem";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import { platform, problemsOf, soundText, withPathField } from "./documents-under-test";

const todo =
  "lower replicas, maxReplicas or resources, or raise the limit if the cluster has the room; at the most counts all replicas while an update replaces them";

function within(
  capacity: PlatformFacts["capacity"],
  kafka: Partial<PlatformFacts["kafka"]> = {},
): PlatformFacts {
  return { ...platform, kafka: { ...platform.kafka, ...kafka }, capacity };
}

/** Two deployments, in files of their own. */
function problemsOfTwo(facts: PlatformFacts): readonly string[] {
  const [, deployment = ""] = soundText.split("---\n");
  const second = deployment
    .replace("deploymentName: shout", "deploymentName: whisper")
    .replace("      index: 1\n", "      index: 1\n      replicas: 4\n");
  const files = [
    { file: "shout.yaml", text: soundText },
    { file: "whisper.yaml", text: second },
  ];
  return planPipelines(parseDocuments(files), facts).problems.map(
    (problem) => `${problem.severity} ${formatProblem(problem)}`,
  );
}

const loaded = withPathField("expectedLoad: { messagesPerSecond: 1000, averageMessageSize: 1Ki }");

describe("what does not fit", () => {
  it("is an error for each pipeline that takes more than its limit, with what takes the most", () => {
    const facts = within({ eachPipeline: { pods: 4, "requests.cpu": "700m", "requests.memory": "1000Mi" } });
    assert.deepEqual(problemsOf(soundText, facts), [
      `error shout.yaml:29 spec.deploymentName: acme.shout takes 1792Mi of requests.memory at the most, expected at most 1000Mi, the limit of each pipeline in algorun:capacity.eachPipeline: acme-upper-case-1-0-0-1 1Gi (shout.yaml:38), hook 512Mi (shout.yaml:41), endpoint 256Mi (shout.yaml:33); ${todo}`,
      `error shout.yaml:29 spec.deploymentName: acme.shout takes 5 of pods at the most, expected at most 4, the limit of each pipeline in algorun:capacity.eachPipeline: acme-upper-case-1-0-0-1 2 (shout.yaml:38), hook 2 (shout.yaml:41), endpoint 1 (shout.yaml:33); ${todo}`,
    ]);
  });

  it("is an error for all pipelines together, at the one that takes the most", () => {
    const facts = within({ allPipelines: { "requests.cpu": 1, "requests.storage": "2Gi" } });
    assert.deepEqual(problemsOfTwo(facts), [
      `error whisper.yaml:5 spec.deploymentName: all pipelines together take 2600m of requests.cpu at the most, expected at most 1, their limit in algorun:capacity.allPipelines: acme.whisper 1900m (whisper.yaml:1), acme.shout 700m (shout.yaml:25); ${todo}`,
    ]);
    assert.deepEqual(problemsOfTwo(within({ eachPipeline: { "requests.cpu": 2 } })), []);
  });

  it("counts devices that no container asks for as none", () => {
    assert.deepEqual(problemsOf(soundText, within({ eachPipeline: { "requests.nvidia.com/gpu": 0 } })), []);
  });

  it("is a device too many", () => {
    const two = soundText
      .replace("  executor: http\n", "  executor: http\n  gpuEnabled: true\n")
      .replace("      index: 1\n", "      index: 1\n      replicas: 2\n");
    const [problem, ...others] = problemsOf(
      two,
      within({ allPipelines: { "requests.nvidia.com/gpu": 1 } }),
    ).filter((text) => text.startsWith("error"));
    assert.equal(
      problem,
      `error shout.yaml:30 spec.deploymentName: all pipelines together take 2 of requests.nvidia.com/gpu at the most, expected at most 1, their limit in algorun:capacity.allPipelines: acme.shout 2 (shout.yaml:26); ${todo}`,
    );
    assert.deepEqual(others, []);
  });

  it("is a broker with more partitions than the stack allows", () => {
    assert.deepEqual(problemsOf(soundText, within({ eachBroker: { partitions: 8 } })), []);
    assert.deepEqual(problemsOf(soundText, within({ eachBroker: { partitions: 7 } })), [
      "error shout.yaml:35 spec.endpoint.paths[0]: each of 3 brokers holds 8 partitions, copies included, expected at most 7, the limit in algorun:capacity.eachBroker.partitions: algorun.acme.shout.endpoint.0.texts 9 (shout.yaml:35), algorun.acme.shout.upper-case.1.upper 9 (shout.yaml:38), algorun.acme.shout.hook.0.dead-letters 3 (shout.yaml:41), 1 more; give topics fewer partitions or copies, or Kafka more brokers, or raise the limit",
    ]);
  });

  it("is only a warning above what is generally advised", () => {
    const many = withPathField("topic: { outputName: texts, partitions: 3998 }");
    assert.deepEqual(problemsOf(many, within({})), [
      "warning shout.yaml:36 spec.endpoint.paths[0].topic: each of 3 brokers holds 4003 partitions, copies included, expected at most 4000, which is generally recommended, since elections and restarts take ever longer: algorun.acme.shout.endpoint.0.texts 11994 (shout.yaml:36), algorun.acme.shout.upper-case.1.upper 9 (shout.yaml:39), algorun.acme.shout.hook.0.dead-letters 3 (shout.yaml:42), 1 more; give topics fewer partitions or copies, or Kafka more brokers, or set algorun:capacity.eachBroker.partitions to what these brokers bear",
    ]);
    assert.deepEqual(problemsOf(many, within({ eachBroker: { partitions: 4003 } })), []);
  });

  it("is more bytes than a broker's volume holds", () => {
    // 1,000 messages of 1Ki a second for seven days: 577Gi, on each of three brokers.
    assert.deepEqual(problemsOf(loaded, within({}, { brokerStorageSize: "100Gi" })), [
      "error shout.yaml:35 spec.endpoint.paths[0]: each of 3 brokers holds up to 590625Mi of messages, as far as their load is stated, expected at most 100Gi, the size of its volume (algorun:kafka.brokerStorageSize): algorun.acme.shout.endpoint.0.texts 1771875Mi (shout.yaml:35); shorten retention.ms, set retention.bytes, or give Kafka more brokers or larger volumes",
    ]);
    assert.deepEqual(problemsOf(loaded, within({}, { brokerStorageSize: "1Ti" })), []);
  });

  it("is more bytes than the stack gives a broker", () => {
    const facts = within({ eachBroker: { storage: "80Gi" } }, { brokerStorageSize: "1Ti" });
    const [problem = "", ...others] = problemsOf(loaded, facts);
    assert.match(problem, /expected at most 80Gi, the limit in algorun:capacity\.eachBroker\.storage: /);
    assert.deepEqual(others, []);
  });

  it("is not guessed where nobody knows it", () => {
    assert.deepEqual(problemsOf(soundText, within({}, { brokerStorageSize: "1Ki" })), []);
    assert.deepEqual(problemsOf(loaded, within({})), []);
  });

  it("is said for a load that is stated twice", () => {
    const load = "expectedLoad: { messagesPerSecond: 1, averageMessageSize: 1Ki }";
    const twice = withPathField(`topic: { outputName: texts, partitions: 3, ${load} }\n        ${load}`);
    assert.deepEqual(problemsOf(twice), [
      "error shout.yaml:37 spec.endpoint.paths[0].expectedLoad: is stated for the path and for its topic, which is the same; remove one of them",
    ]);
  });

  it("is said for a load that is none", () => {
    const faults = [
      [
        "{ messagesPerSecond: 0, averageMessageSize: 1Ki }",
        "messagesPerSecond: found 0, expected at least 0.001",
      ],
      [
        "{ messagesPerSecond: many, averageMessageSize: 1Ki }",
        'messagesPerSecond: found "many", expected a number of messages in a second such as 200 or 0.5',
      ],
      [
        "{ messagesPerSecond: 1, averageMessageSize: 500m }",
        'averageMessageSize: found "500m", expected a number of bytes such as 500Ki or 10Mi',
      ],
      ["{ messagesPerSecond: 1 }", "averageMessageSize: is missing, expected"],
    ] as const;
    for (const [load, said] of faults) {
      const [problem = ""] = problemsOf(withPathField(`expectedLoad: ${load}`));
      assert.ok(problem.includes(`spec.endpoint.paths[0].expectedLoad.${said}`), problem);
    }
  });
});
