import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, load, loadAll } from "js-yaml";
import { z } from "zod";
import { parseDocuments } from "../../pipelines/model/documents";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { formatProblem } from "../../pipelines/model/problem";
import { algoSpecSchema } from "../../pipelines/model/schema-algo";
import { platform } from "./documents-under-test";

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
  return planPipelines(parseDocuments(files), platform)
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
});
