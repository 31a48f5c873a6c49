import assert from "node:assert/strict";
import type { Executor, InputDelivery, OutputDelivery } from "../../pipelines/model/plan/plan";
import { algoOf, broken, describeFaults, planOf, problemsOf, soundText } from "./documents-under-test";

/** How messages can reach and leave an algo of each executor. */
const deliveries: Readonly<Record<Executor, readonly [readonly InputDelivery[], readonly OutputDelivery[]]>> =
  {
    Executable: [
      ["StdIn", "FileParameter", "FileArrayParameter"],
      ["StdOut", "FileParameter", "FolderParameter"],
    ],
    http: [
      ["Http", "Https"],
      ["HttpResponse", "FileParameter", "FolderParameter"],
    ],
    grpc: [["Grpc"], ["HttpResponse", "FileParameter", "FolderParameter"]],
    Delegated: [["KafkaTopic"], ["KafkaTopic"]],
  };
const executors: readonly Executor[] = ["Executable", "http", "grpc", "Delegated"];
const inputs = executors.flatMap((executor) => deliveries[executor][0]);
const outputs = [...new Set(executors.flatMap((executor) => deliveries[executor][1]))];

function text(executor: Executor, input: InputDelivery, output: OutputDelivery): string {
  return soundText
    .replace("executor: http", `executor: ${executor}`)
    .replace("inputDeliveryType: Http", `inputDeliveryType: ${input}`)
    .replace("outputDeliveryType: HttpResponse", `outputDeliveryType: ${output}`);
}

describe("an executor", () => {
  for (const executor of executors) {
    it(`${executor} takes its own deliveries, and refuses each other one by name`, () => {
      const [ownInputs, ownOutputs] = deliveries[executor];
      for (const input of inputs) {
        for (const output of outputs) {
          const faults = problemsOf(text(executor, input, output));
          const want = [
            ...(ownInputs.includes(input) ? [] : [`inputDeliveryType: found "${input}", expected`]),
            ...(ownOutputs.includes(output) ? [] : [`outputDeliveryType: found "${output}", expected`]),
          ];
          assert.equal(faults.length, want.length, faults.join("\n"));
          for (const [index, part] of want.entries()) assert.ok(faults[index]?.includes(part), faults[index]);
        }
      }
    });
  }
});

describe("what a runner reads", () => {
  it("has all that it needs to call a server", () => {
    const delivery = "      inputDeliveryType: Http\n";
    const served = broken(
      delivery,
      `${delivery}      http: { verb: PUT, port: 9090, path: /text, headers: { Accept: text/plain } }\n`,
    ).replace(
      "      index: 1\n",
      "      index: 1\n      timeoutSeconds: 7\n      parameters: [{ name: locale, value: en, sortOrder: 2, required: true }, { name: -v, sortOrder: 1 }]\n",
    );
    assert.deepEqual(algoOf(planOf(served)).runnerConfig, {
      deployment: { owner: "acme", name: "shout" },
      pipeline: { owner: "acme", name: "shout", versionTag: "1.0" },
      algo: { owner: "acme", name: "upper-case", version: "1.0.0", versionTag: "1.0.0", index: 1 },
      executor: "http",
      entrypoint: [],
      consumerGroup: "algorun.acme.shout.acme-upper-case-1",
      transactionalIdPrefix: "acme.shout.acme-upper-case-1-0-0-1.",
      deadLetterTopic: "algorun.acme.shout.upper-case.1.dead-letters",
      timeoutSeconds: 7,
      writeAllOutputs: false,
      parameters: [
        { name: "-v", flag: "-v", required: false },
        { name: "locale", flag: "--locale", value: "en", required: true },
      ],
      inputs: [
        {
          name: "Text",
          required: true,
          delivery: "Http",
          contentTypes: ["text/plain"],
          topics: ["algorun.acme.shout.endpoint.0.texts"],
          http: { verb: "PUT", port: 9090, path: "/text", headers: { Accept: "text/plain" } },
        },
      ],
      outputs: [
        {
          name: "Upper",
          delivery: "HttpResponse",
          contentType: "text/plain",
          messageDataType: "Embedded",
          topic: "algorun.acme.shout.upper-case.1.upper",
        },
      ],
    });
  });

  it("has the program and its flags for files", () => {
    const files = text("Executable", "FileArrayParameter", "FolderParameter")
      .replace(
        "FileArrayParameter\n",
        "FileArrayParameter\n      fileParameter: { parameter: --in, delimiter: ';' }\n",
      )
      .replace("FolderParameter\n", "FolderParameter\n      parameter: --out\n")
      .replace("      index: 1\n", "      index: 1\n      writeAllOutputs: true\n");
    const config = algoOf(planOf(files)).runnerConfig;
    assert.deepEqual(config?.["entrypoint"], ["/opt/upper", "--port", "8080"]);
    assert.equal(config["writeAllOutputs"], true);
    assert.deepEqual(
      JSON.stringify(config["inputs"]).match(/"fileParameter":\{.*?\}/)?.[0],
      '"fileParameter":{"parameter":"--in","delimiter":";"}',
    );
    assert.ok(JSON.stringify(config["outputs"]).includes('"parameter":"--out"'));
  });
});

describe("the two forms of an HTTP input", () => {
  const delivery = "      inputDeliveryType: Http\n";

  it("may stand side by side while they agree, each with what the other leaves out", () => {
    const both = broken(
      delivery,
      `${delivery}      httpVerb: PUT\n      httpPath: /text\n      http: { verb: PUT, port: 9090 }\n`,
    );
    assert.deepEqual(algoOf(planOf(both)).inputs[0]?.http, {
      verb: "PUT",
      port: 9090,
      path: "/text",
      headers: {},
    });
  });
});

const delivery = "      inputDeliveryType: Http\n";
describeFaults("forms and deliveries that can't work", [
  [
    "two forms that differ",
    broken(
      delivery,
      `${delivery}      httpVerb: PUT\n      httpPort: 80\n      http: { verb: POST, port: 80 }\n`,
    ),
    [
      'error shout.yaml:19 spec.inputs[0].httpVerb: found "PUT", but http.verb is "POST"; they are two forms of the same, keep one',
    ],
  ],
  [
    "a delivery that was only announced, with what does the same",
    broken("inputDeliveryType: Http", "inputDeliveryType: EnvironmentVariable"),
    [
      'error shout.yaml:18 spec.inputs[0].inputDeliveryType: found "EnvironmentVariable", expected "StdIn", "Http", "Https", "Grpc", "FileParameter", "FileArrayParameter" or "KafkaTopic"; use StdIn or FileParameter, since a variable has no room for a message',
    ],
  ],
  ...(["Spark", "KafkaStreams", "ksql", "Faust"] as const).map(
    (executor): readonly [string, string, readonly string[]] => [
      `the executor ${executor}, with what to use instead`,
      broken("executor: http", `executor: ${executor}`),
      [
        `error shout.yaml:9 spec.executor: found "${executor}", expected "Executable", "http", "grpc" or "Delegated"; package the job as a container that reads and writes its topics itself, and use Delegated`,
      ],
    ],
  ),
]);

describe("an algo of several versions", () => {
  const second =
    '    - versionTag: "2.0.0"\n      image: { repository: ghcr.io/acme/upper-case, tag: "2.0.0" }\n  inputs:\n';

  it("may be there in two of them, and several times in one by index", () => {
    const several = broken("  inputs:\n", second).replace(
      "      index: 1\n",
      '      index: 1\n    - { algoRef: { matchLabels: { team: text } }, version: "2.0.0", index: 2 }\n    - { algoRef: { name: upper-case }, version: latest, index: 3 }\n',
    );
    const pipes = ["2.0.0[2]", "latest[3]"].map(
      (each) =>
        `    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/upper-case:${each}", destInputName: Text }\n`,
    );
    const { components } = planOf(several + pipes.join(""));
    const algos = components.flatMap((component) => (component.kind === "algo" ? [component] : []));
    assert.deepEqual(
      algos.map(({ name, image }) => [name, image.reference]),
      [
        ["acme-upper-case-1-0-0-1", "ghcr.io/acme/upper-case:1.0.0"],
        ["acme-upper-case-2-0-0-2", "ghcr.io/acme/upper-case:2.0.0"],
        ["acme-upper-case-latest-3", "ghcr.io/acme/upper-case:1.0.0"],
      ],
    );
  });

  it("goes on in a new version where the old one was: both are one consumer group", () => {
    const groupOf = (text: string): string | undefined => algoOf(planOf(text)).identity.consumerGroup;
    assert.equal(groupOf(soundText), "algorun.acme.shout.acme-upper-case-1");
    assert.equal(groupOf(soundText.replaceAll("1.0.0", "1.1.0")), groupOf(soundText));
  });

  it("needs an index for each of two versions side by side", () => {
    const both = soundText.replace(
      "      index: 1\n",
      "      index: 1\n    - { algoRef: { name: upper-case }, version: latest }\n",
    );
    const said = problemsOf(both).filter((line) => line.includes("consumer"));
    assert.deepEqual(said, [
      "error shout.yaml:41 spec.algos[1]: acme/upper-case:latest[1] and acme/upper-case:1.0.0[1] (line 38) are one consumer to Kafka, which gives each message to one of them only; give one another index",
    ]);
  });
});
