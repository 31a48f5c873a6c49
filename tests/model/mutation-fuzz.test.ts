import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { anyPlatform, usualPlatform } from "../../pipelines/commands/any-platform";
import { parseDocuments, type DocumentFile } from "../../pipelines/model/document/documents";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { explanation } from "../../pipelines/view/explanation";
import { graphvizText } from "../../pipelines/view/graphviz";
import { mermaidText } from "../../pipelines/view/mermaid";
import { pipelineGraph } from "../../pipelines/view/pipeline-graph";
import { tablesText } from "../../pipelines/view/table";
import { fullText } from "./full-documents";
import { textMutations } from "./text-mutations";
import { valueMutations } from "./value-mutations";

const project = join(__dirname, "..", "..");
const originals = join(project, "..", "shared", "original");

const mutations = { ...valueMutations, ...textMutations };

/** How many broken variants are tried; the same ones each time. */
const variants = 2000;
const seed = 20_261_124;

function filesBelow(folder: string): readonly DocumentFile[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(join(project, folder, name), "utf8") }));
}

/** Files that stand together: references lead from one to another. */
const groups: readonly (readonly DocumentFile[])[] = [
  filesBelow("pipelines/documents"),
  ...filesBelow("pipelines/examples").map((file) => [file]),
  [{ file: "full.yaml", text: fullText }],
  ...(existsSync(originals)
    ? [
        ["sample-algo.yaml", "sample-pipeline-deployment.yaml"].map((file) => ({
          file,
          text: readFileSync(join(originals, file), "utf8"),
        })),
      ]
    : []),
];

const targets = groups.flatMap((group) => group.map((file) => ({ group, file })));

interface Variant {
  readonly target: number;
  readonly mutation: string;
  readonly place: number;
  readonly way: number;
}

const variant: fc.Arbitrary<Variant> = fc.record({
  target: fc.nat(targets.length - 1),
  mutation: fc.constantFrom(...Object.keys(mutations)),
  place: fc.nat(100_000),
  way: fc.nat(100_000),
});

/** The files of a variant: one of them is broken. */
function filesOf({ target, mutation, place, way }: Variant): readonly DocumentFile[] {
  const { group, file } = targets[target] ?? { group: [], file: { file: "", text: "" } };
  const text = mutations[mutation]?.(file.text, { place, way }) ?? "";
  return group.map((each) => (each === file ? { ...each, text } : each));
}

function assertDiagnosed(files: readonly DocumentFile[]): void {
  const { plans, problems } = planPipelines(parseDocuments(files), anyPlatform);
  for (const { file, line, message } of problems) {
    const found = files.find((each) => each.file === file);
    assert.ok(found, `no such file: ${file}`);
    const last = found.text.split(/\r\n?|\n/).length;
    assert.ok(Number.isInteger(line) && line >= 1 && line <= last, `${file}:${line} of ${last}`);
    assert.doesNotMatch(message, /undefined|\[object|TypeError|Invalid input|Cannot read|\n/);
    assert.ok(message.length <= 2001, `a message of ${message.length} characters`);
  }
  if (problems.some(({ severity }) => severity === "error")) return;
  for (const plan of plans) {
    assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    const graph = pipelineGraph(plan);
    for (const text of [
      mermaidText(graph),
      graphvizText(graph),
      tablesText(explanation(plan, usualPlatform([plan]))),
    ]) {
      assert.ok(text.includes(plan.id));
    }
  }
}

describe("a document broken in any way", function () {
  // Two thousand variants take some seconds on an idle machine; one that hangs takes longer than this.
  this.timeout(300_000);

  it("was whole before", () => {
    for (const group of groups) {
      const { problems } = planPipelines(parseDocuments(group), anyPlatform);
      assert.deepEqual(
        problems.filter(({ severity }) => severity === "error"),
        [],
      );
    }
  });

  it(`is planned or refused with file and line, ${variants} times, without a stack trace`, () => {
    fc.assert(
      fc.property(variant, (given) => {
        assertDiagnosed(filesOf(given));
      }),
      { numRuns: variants, seed },
    );
  });
});
