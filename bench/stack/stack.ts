import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../local/layout";
import type { BenchOptions } from "../options";
import { machine } from "../report/machine";
import { writePart } from "../report/page-part";
import { change, withChange, writeCopies } from "../shipped-copies";
import { makeBare } from "./bare-floor";
import type { ExportedResource } from "./exported-resources";
import { figuresText } from "./figures-text";
import { measuredRun, type RunFigures } from "./measured-run";
import { MeasuredEnvironment, type MeasuredStack } from "./measured-stack";
import { measureSplit } from "./split-stacks";
import { PhaseFigures, type OtherWays, type StackFigures } from "./stack-figures";

/** How often previews and updates with nothing to do are run that are compared: single ones differ by a fifth. */
const comparedRuns = 3;

/** Measures stacks of growing size, prints the figures, and writes them into the documentation. */
export async function benchStack({ sizes, compared, isWritten }: BenchOptions): Promise<void> {
  const figures: StackFigures[] = [];
  for (const pipelines of sizes) {
    figures.push(await measureSize(pipelines, pipelines <= compared));
    const text = `Measured on ${machine()}.\n\n${figuresText(figures)}`;
    // What was measured is kept at once: the next size takes longer than all before.
    console.log(`\n${text}\n`);
    if (isWritten) await writePart({ page: "performance.md", command: "make bench BENCH=stack" }, text);
  }
}

async function measureSize(pipelines: number, isCompared: boolean): Promise<StackFigures> {
  const say = (what: string): void => {
    console.log(`${pipelines} ${pipelines === 1 ? "pipeline" : "pipelines"}: ${what}`);
  };
  say("starting an environment");
  const measured = await MeasuredEnvironment.start();
  try {
    const documents = join(measured.folder, "documents");
    mkdirSync(documents);
    writeCopies(documents, pipelines);
    const ours = new PhaseFigures((phase, seconds) => {
      say(`${phase} ${seconds.toFixed(1)} s`);
    });
    const resources = await measureOurs(measured, documents, ours, isCompared ? comparedRuns : 1);
    // One was removed.
    writeCopies(documents, pipelines);
    const others = isCompared ? await measureOthers(measured, documents, resources, say) : undefined;
    return { pipelines, resources: resources.length, ours: ours.all, others };
  } finally {
    await measured.stop();
  }
}

async function measureOthers(
  measured: MeasuredEnvironment,
  documents: string,
  resources: readonly ExportedResource[],
  say: (what: string) => void,
): Promise<OtherWays> {
  const flat = new PhaseFigures((phase, seconds) => {
    say(`without components: ${phase} ${seconds.toFixed(1)} s`);
  });
  const flatStack = await measured.flatStack(resources);
  await measureUse(measured, flatStack, flat, comparedRuns);
  await flat.add("destroy", () => measured.run(flatStack, "destroy"));
  const split = new PhaseFigures((phase, seconds) => {
    say(`split: ${phase} ${seconds.toFixed(1)} s`);
  });
  const parts = await measureSplit(measured, documents, split);
  const bare = await makeBare(resources, measured.environment);
  const [applied, ready, kafka] = [bare.kubernetes, bare.ready, bare.kafka].map((each) => each.toFixed(1));
  say(`without an engine: objects ${applied} s, pods ready ${ready} s later, Kafka's ${kafka} s`);
  return { flat: flat.all, split: { parts, figures: split.all }, bare };
}

async function measureOurs(
  measured: MeasuredEnvironment,
  documents: string,
  figures: PhaseFigures,
  times: number,
): Promise<readonly ExportedResource[]> {
  const stack = await measured.stackOf(documents);
  const args = ["--import", "tsx", "pipelines/commands/validate.ts", documents];
  const validate = { program: process.execPath, args, cwd: project, env: process.env };
  await figures.add("validate", () => measuredRun(validate));
  await measureUse(measured, stack, figures, times);
  const resources = await stack.resources();
  await withChange(documents, () => figures.add("change of one", () => measured.run(stack, "up")));
  rmSync(join(documents, change.file));
  await figures.add("removal of one", () => measured.run(stack, "up"));
  await figures.add("destroy", () => measured.run(stack, "destroy"));
  return resources;
}

/** What is done with either stack, while nothing of it changes, as often as is said where it can be done again. */
async function measureUse(
  measured: MeasuredEnvironment,
  stack: MeasuredStack,
  figures: PhaseFigures,
  times: number,
): Promise<void> {
  const preview = (): Promise<RunFigures> => measured.run(stack, "preview");
  const up = (): Promise<RunFigures> => measured.run(stack, "up");
  await figures.add("preview", preview, times);
  await figures.add("up", up);
  await figures.add("preview again", preview, times);
  await figures.add("up again", up, times);
}
