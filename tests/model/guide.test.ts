import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, load, loadAll } from "js-yaml";
import { z } from "zod";
import { parseDocuments } from "../../pipelines/model/document/documents";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { formatProblem } from "../../pipelines/model/document/problem";
import { algoSpecSchema } from "../../pipelines/model/schema/algo-schema";
import { explanation } from "../../pipelines/view/explanation";
import { mermaidText } from "../../pipelines/view/mermaid";
import { pipelineGraph } from "../../pipelines/view/pipeline-graph";
import { tablesText } from "../../pipelines/view/table";
import { anyPlatform, usualPlatform } from "../../pipelines/commands/any-platform";

const page = readFileSync(join(__dirname, "..", "..", "docs", "pipelines.md"), "utf8");

const documentSchema = z.looseObject({ kind: z.string(), spec: z.record(z.string(), z.unknown()) });
type Document = z.infer<typeof documentSchema>;

interface Sample {
  readonly line: number;
  readonly text: string;
}

/** The YAML samples of the page. */
function samples(): readonly Sample[] {
  return [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: page.slice(0, match.index).split("\n").length,
    text: match[1] ?? "",
  }));
}

const isWhole = ({ text }: Sample): boolean => /^apiVersion:/m.test(text);

/** All whole documents of the page: they stand in the same folder, so to say. */
const documents = samples()
  .filter(isWhole)
  .flatMap(({ text }) => loadAll(text, { schema: CORE_SCHEMA }))
  .map((value) => documentSchema.parse(value));

function errorsOf(given: readonly Document[]): readonly string[] {
  const files = given.map((document, index) => ({ file: `sample-${index}`, text: JSON.stringify(document) }));
  return planPipelines(parseDocuments(files), anyPlatform)
    .problems.filter(({ severity }) => severity === "error")
    .map(formatProblem);
}

/** The documents of the page with a part laid over the first deployment, or over the first algo. */
function withPart({ text }: Sample): readonly Document[] {
  const part = z.record(z.string(), z.unknown()).parse(load(text, { schema: CORE_SCHEMA }));
  const ofAlgo = Object.keys(part).every((key) => key in algoSpecSchema.shape);
  const kind = ofAlgo ? "Algo" : "PipelineDeployment";
  const first = documents.findIndex((document) => document.kind === kind);
  return documents.map((document, index) =>
    index === first ? { ...document, spec: { ...document.spec, ...part } } : document,
  );
}

/** The file that the page has its reader write: an algo, and a deployment of it. */
const firstFile = {
  file: "pipelines/documents/shout.yaml",
  text: samples()
    .filter(isWhole)
    .slice(0, 2)
    .map(({ text }) => text)
    .join("---\n"),
};

/** What a command shows of the first file, by the beginning of its line. */
function shown(command: string): string {
  const [plan] = planPipelines(parseDocuments([firstFile]), anyPlatform).plans;
  assert.ok(plan);
  if (command.startsWith("make graph")) return mermaidText(pipelineGraph(plan));
  if (command.startsWith("make explain")) return tablesText(explanation(plan, usualPlatform([plan])));
  return `1 deployment with ${plan.components.length} components and ${plan.topics.length} topics: no errors\n`;
}

/** What the page says that commands print; a line `…` stands for any lines. */
const screens = [...page.matchAll(/^```console\n\$ (make .*)\n([\s\S]*?)^```$/gm)].map(
  ([, command = "", output = ""]) => ({ command, passages: output.split(/^…\n/m) }),
);

describe("the guide for authors", () => {
  it("has samples", () => {
    assert.ok(samples().length >= 6);
  });

  it("has whole documents without errors", () => {
    assert.deepEqual(errorsOf(documents), []);
  });

  for (const sample of samples().filter((each) => !isWhole(each))) {
    it(`has a part at line ${sample.line} that its first deployment takes`, () => {
      assert.deepEqual(errorsOf(withPart(sample)), []);
    });
  }

  for (const { command, passages } of screens) {
    it(`shows what is printed by ${command}`, () => {
      const printed = shown(command);
      for (const passage of passages)
        assert.ok(printed.includes(passage), `${printed}\nhas not:\n${passage}`);
      if (passages.length === 1) assert.equal(passages[0], printed);
    });
  }

  it("shows the drawing, too", () => {
    assert.ok(page.includes(`\`\`\`mermaid\n${shown("make graph")}\`\`\`\n`));
  });

  it("shows the line of a mistake", () => {
    const entry = '{ algoRef: { name: upper-case }, version: "1.0.0" }';
    assert.ok(firstFile.text.includes(entry));
    const wrong = firstFile.text.replace(entry, entry.replace(/ \}$/, ", replica: 2 }"));
    const [problem] = planPipelines(parseDocuments([{ ...firstFile, text: wrong }]), anyPlatform).problems;
    assert.ok(problem);
    assert.ok(page.includes(`error ${formatProblem(problem)}\n`), formatProblem(problem));
  });
});
