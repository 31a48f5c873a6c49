import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { broken, soundText, withPathField } from "./documents-under-test";

const project = join(__dirname, "..", "..");

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

describe("the commands for authors", function () {
  // Each starts a program.
  this.timeout(120_000);
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "algorun-commands-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs a command on a folder with one file. */
  function run(text: string, command: string, ...words: readonly string[]): Ended {
    writeFileSync(join(folder, "shout.yaml"), text);
    const program = ["--import", "tsx", `pipelines/commands/${command}.ts`, ...words, folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, {
      cwd: project,
      encoding: "utf8",
    });
    const shown = (printed: string): string => printed.replaceAll(`${folder}/`, "");
    return { code: status, output: shown(stdout), errors: shown(stderr) };
  }

  it("draw a pipeline as Mermaid", () => {
    assert.deepEqual(run(soundText, "graph", "acme.shout"), {
      code: 0,
      errors: "",
      output: `---
title: acme.shout
---
flowchart LR
  way1(["HTTP /run/http/acme/shout/"])
  component1["acme/upper-case:1.0.0[1]<br>http<br>1 replica"]
  component2["Endpoint<br>1 replica"]
  component3["EventHook<br>1 replica"]
  topic1[("algorun.acme.shout.endpoint.0.texts<br>3 partitions")]
  topic2[("algorun.acme.shout.upper-case.1.upper<br>3 partitions")]
  webhook1(["POST hooks.acme.example"])
  way1 --> component2
  component2 -->|"texts"| topic1
  topic1 -->|"Text"| component1
  component1 -->|"Upper"| topic2
  topic2 -->|"upper"| component3
  component3 -->|"upper"| webhook1
`,
    });
  });

  it("draw a pipeline as SVG, without a browser", () => {
    const { code, output } = run(soundText, "graph", "acme.shout", "--svg");
    assert.equal(code, 0);
    assert.match(output, /<svg [\s\S]*algorun\.acme\.shout\.endpoint\.0\.texts[\s\S]*<\/svg>\n$/);
  });

  it("explain which rule gave a number of partitions", () => {
    const { code, output } = run(soundText, "explain", "acme.shout");
    assert.equal(code, 0);
    assert.match(
      output,
      /partitions: automatic, since the document does not describe the topic: \(1 \+ 1 \(acme-upper-case-1-0-0-1\)\) × 1\.5 = 3\n/,
    );
  });

  it("explain which rule gave a setting of a topic", () => {
    const { output } = run(soundText, "explain", "acme.shout");
    assert.match(
      output,
      /min\.insync\.replicas: more than half of 3 copies, so that a broker can be down and no message is on one disk only\n/,
    );
  });

  it("explain how much a topic holds, or say that nobody knows", () => {
    const load = "expectedLoad: { messagesPerSecond: 0.5, averageMessageSize: 2Ki }";
    const { code, output } = run(withPathField(load), "explain", "acme.shout");
    assert.equal(code, 0);
    assert.match(
      output,
      /endpoint\.0\.texts +3 +9 +1772Mi +0\.5 messages\/s × 2Ki × 168h \(Kafka's default retention\) × 3 copies \(the default of 3 brokers\)\n/,
    );
    assert.match(output, /upper-case\.1\.upper +3 +9 +unknown +no rate is stated \(expectedLoad\)\n/);
    assert.match(output, /pods +3 +5 +acme-upper-case-1-0-0-1 1 to 2, endpoint 1, hook 1 to 2\n/);
  });

  it("explain what all pipelines take, when none is named", () => {
    const { code, output } = run(soundText, "explain", "");
    assert.equal(code, 0);
    assert.match(
      output,
      /^Capacity\n +PIPELINE .*\n +acme\.shout +1 +3 to 5 .*\n +all pipelines +1 +3 to 5 .*\n$/,
    );
  });

  it("never show what may be secret in a webhook", () => {
    const secret = broken(
      "        webHookUrl: https://hooks.acme.example/upper\n",
      "        webHookUrl: https://user:word@hooks.acme.example/key?token=key\n        httpHeaders: 'Authorization: key'\n",
    );
    for (const words of [["graph"], ["graph", "--svg"], ["explain"]]) {
      const [command = "", ...flags] = words;
      const { code, output } = run(secret, command, ...flags, "acme.shout");
      assert.equal(code, 0);
      assert.match(output, /hooks\.acme\.example/);
      assert.doesNotMatch(output, /user:|word|key/);
    }
  });

  it("name the nearest deployment", () => {
    assert.deepEqual(run(soundText, "graph", "acme.shot"), {
      code: 2,
      output: "",
      errors: 'found no deployment "acme.shot", expected "acme.shout"\n',
    });
    assert.equal(run(soundText, "graph", "").errors, 'NAME is missing, expected "acme.shout"\n');
  });

  it("name the nearest flag", () => {
    const { code, errors } = run(soundText, "graph", "acme.shout", "--sgv");
    assert.deepEqual([code, errors], [2, 'found "--sgv", expected "--svg"\n']);
  });

  it("are about the pipelines of a stack, and name the nearest one", () => {
    const { code, output, errors } = run(soundText, "validate", "--stack=dev");
    assert.deepEqual([code, errors], [0, ""]);
    assert.match(output, /^1 deployment with /);
    const unknown = run(soundText, "graph", "--stack=devv", "acme.shout");
    assert.equal(unknown.code, 2);
    assert.match(unknown.errors, /^STACK: found "devv", which has no file here .*; did you mean "dev"\?\n$/);
  });

  it("say why there is nothing to draw", () => {
    const { code, output, errors } = run(
      broken("      index: 1\n", "      index: one\n"),
      "graph",
      "acme.shout",
    );
    assert.deepEqual([code, output], [2, ""]);
    assert.equal(
      errors,
      'shout.yaml:40 spec.algos[0].index: found "one", expected a whole number\n' +
        'found no deployment "acme.shout", expected a document that describes it\n',
    );
  });

  it("tell programs what they found", () => {
    const { code, output } = run(withPathField("messagedatatype: x"), "validate", "--json");
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(output), {
      deployments: 0,
      components: 0,
      topics: 0,
      errors: 1,
      warnings: 0,
      problems: [
        {
          severity: "error",
          file: "shout.yaml",
          line: 36,
          path: "spec.endpoint.paths[0].messagedatatype",
          message: 'unknown key "messagedatatype"; did you mean "messageDataType"?',
        },
      ],
    });
  });

  it("count warnings, which stop nothing", () => {
    const { code, output } = run(
      broken(
        'image: { repository: ghcr.io/acme/upper-case, tag: "1.0.0" }',
        "image: { repository: ghcr.io/acme/upper-case }",
      ),
      "validate",
    );
    assert.equal(code, 0);
    assert.match(output, /1 deployment with 3 components and 2 topics: no errors, 1 warning\n$/);
  });
});
