import assert from "node:assert/strict";
import { problemsOf } from "./documents-under-test";

/** An algo by name, with the inputs and outputs `In` and `Out`, and an executor. */
function algo(name: string, executor = "http", inputs = true): string {
  const [input, output] = executor === "http" ? ["Http", "HttpResponse"] : ["KafkaTopic", "KafkaTopic"];
  const ports = inputs ? `[{ name: In, inputDeliveryType: ${input}, contentTypes: [] }]` : "[]";
  return `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: ${name} }
spec: { owner: acme, name: ${name}, executor: ${executor}, versions: [{ versionTag: "1", image: { repository: acme/${name}, tag: "1" } }], inputs: ${ports}, outputs: [{ name: Out, outputDeliveryType: ${output}, contentType: text/plain }] }
---
`;
}

function pipe([from, to]: readonly [from: string, to: string]): string {
  const [source, output] = from === "Endpoint" ? [from, "texts"] : [`acme/${from}:1[1]`, "Out"];
  const [dest, input] = to === "EventHook" ? [to, "done"] : [`acme/${to}:1[1]`, "In"];
  return `    - { sourceName: "${source}", sourceOutputName: ${output}, destName: "${dest}", destInputName: ${input} }\n`;
}

/** Warnings and errors, without their places, of algos that these pipes join. */
function problemsOfPipes(
  pipes: readonly (readonly [from: string, to: string])[],
  algos: readonly string[] = ["a", "b", "c"].map((name) => algo(name)),
): readonly string[] {
  const names = algos.map((text) => /name: (\w+)/.exec(text)?.[1] ?? "");
  const text = `${algos.join("")}apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: flow
  pipelineOwner: acme
  pipelineName: flow
  pipelineVersionTag: "1"
  endpoint: { paths: [{ name: texts }] }
  algos: [${names.map((name) => `{ algoRef: { name: ${name} }, version: "1" }`).join(", ")}]
  eventHook: { webHooks: [{ pipelineHookInputName: done, webHookUrl: "https://hooks.example/done" }] }
  pipes:
${pipes.map(pipe).join("")}`;
  return problemsOf(text).map((line) => line.replace(/ shout\.yaml:\d+ \S+/, ""));
}

const endless = (route: string): string =>
  `warning the pipes lead in a circle: ${route}; the topics between them let it run, but what each passes on goes round for ever, so one of them must end it`;
const idle = (name: string): string =>
  `warning only algos without data of their own lead to acme/${name}:1[1]: it runs, and has nothing to do; lead a pipe to it, or to them, from where data comes in`;

describe("the flow of data", () => {
  it("is in order from the endpoint to the event hook, with fan-out and fan-in", () => {
    const pipes = [
      ["Endpoint", "a"],
      ["a", "b"],
      ["a", "c"],
      ["b", "EventHook"],
      ["c", "EventHook"],
    ] as const;
    assert.deepEqual(problemsOfPipes(pipes), []);
  });

  it("may come back, which is a warning that names the way", () => {
    const pipes = [
      ["Endpoint", "a"],
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
      ["c", "EventHook"],
    ] as const;
    assert.deepEqual(problemsOfPipes(pipes), [
      endless("acme/a:1[1] → acme/b:1[1] → acme/c:1[1] → acme/a:1[1]"),
    ]);
  });

  it("may come back at once", () => {
    const pipes = [
      ["Endpoint", "a"],
      ["a", "a"],
      ["a", "EventHook"],
    ] as const;
    assert.deepEqual(problemsOfPipes(pipes, [algo("a")]), [endless("acme/a:1[1] → acme/a:1[1]")]);
  });

  it("must begin somewhere: algos that only feed each other are idle", () => {
    const pipes = [
      ["Endpoint", "a"],
      ["a", "EventHook"],
      ["b", "c"],
      ["c", "b"],
    ] as const;
    assert.deepEqual(
      [...problemsOfPipes(pipes)].sort(),
      [idle("b"), idle("c"), endless("acme/b:1[1] → acme/c:1[1] → acme/b:1[1]")].sort(),
    );
  });

  it("may begin in an algo that talks to Kafka itself and reads nothing", () => {
    const pipes = [
      ["Endpoint", "EventHook"],
      ["a", "b"],
      ["b", "EventHook"],
    ] as const;
    assert.deepEqual(problemsOfPipes(pipes, [algo("a", "Delegated", false), algo("b")]), []);
    assert.deepEqual(problemsOfPipes(pipes, [algo("a", "http", false), algo("b")]), [
      "warning no pipe leads to acme/a:1[1]: it runs, and has nothing to do",
      idle("b"),
    ]);
  });
});
