import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { loadDocuments } from "../../pipelines/model/document/documents";
import { change, withChange } from "../shipped-copies";
import { byRole, type RunFigures } from "./measured-run";
import type { MeasuredEnvironment, MeasuredStack } from "./measured-stack";
import type { PhaseFigures } from "./stack-figures";

/** Most pipelines of a stack. */
export const pipelinesOfPart = 25;

/** Stacks that are worked on at the same time: more would only wait for each other. */
const sideBySide = availableParallelism();

/** Pipelines that go into a stack of their own. */
interface Part {
  /** Names of their documents' files. */
  readonly files: readonly string[];
  /** `{owner}.{name}` of each. */
  readonly deployments: readonly string[];
}

/**
 * Measures pipelines in stacks of at most {@link pipelinesOfPart}, beside one of the platform.
 *
 * @returns the number of these stacks, without the platform's
 */
export async function measureSplit(
  measured: MeasuredEnvironment,
  documents: string,
  figures: PhaseFigures,
): Promise<number> {
  const platform = await measured.stackOf(documents, { "algorun:exclude": ["*"] });
  const parts: { readonly part: Part; readonly stack: MeasuredStack }[] = [];
  for (const [index, part] of partsOf(documents).entries()) {
    const stack = await measured.pipelineStack(`part-${index + 1}`, documents, part.deployments);
    parts.push({ part, stack });
  }
  const pipelines = async (command: "preview" | "up" | "destroy"): Promise<RunFigures> =>
    atOnce(
      parts.map(
        ({ stack }) =>
          () =>
            measured.run(stack, command),
      ),
    );
  const all = async (command: "preview" | "up"): Promise<RunFigures> =>
    inTurn([() => measured.run(platform, command), () => pipelines(command)]);
  await figures.add("up", () => all("up"));
  await figures.add("preview again", () => all("preview"));
  await figures.add("up again", () => all("up"));
  const changed = parts.find(({ part }) => part.files.includes(change.file));
  if (changed === undefined) throw new Error(`no stack has ${change.file}`);
  await withChange(documents, () => figures.add("change of one", () => measured.run(changed.stack, "up")));
  await figures.add("destroy", () =>
    inTurn([() => pipelines("destroy"), () => measured.run(platform, "destroy")]),
  );
  return parts.length;
}

/** Documents of a file stay together: a rollout leads from one to another, which no two stacks may have. */
export function partsOf(documents: string): readonly Part[] {
  const byFile = new Map<string, string[]>();
  for (const { document, source } of loadDocuments([documents]).deployments) {
    const { deploymentOwner, deploymentName } = document.spec;
    const file = basename(source.file);
    byFile.set(file, [...(byFile.get(file) ?? []), `${deploymentOwner}.${deploymentName}`]);
  }
  const parts: Part[] = [];
  for (const [file, deployments] of byFile) {
    const last = parts.at(-1);
    const fits = last && last.deployments.length + deployments.length <= pipelinesOfPart;
    const { files, deployments: before } = (fits ? parts.pop() : undefined) ?? { files: [], deployments: [] };
    parts.push({ files: [...files, file], deployments: [...before, ...deployments] });
  }
  return parts;
}

type Running = () => Promise<RunFigures>;

/** Runs that many at a time as there are cores; takes the time of all together. */
async function atOnce(runs: readonly Running[]): Promise<RunFigures> {
  const started = performance.now();
  const waiting = [...runs];
  const figures: RunFigures[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) figures.push(await next());
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return together(figures, (performance.now() - started) / 1000);
}

async function inTurn(runs: readonly Running[]): Promise<RunFigures> {
  const figures: RunFigures[] = [];
  for (const run of runs) figures.push(await run());
  return together(
    figures,
    figures.reduce((sum, { seconds }) => sum + seconds, 0),
  );
}

/** CPU time of all; memory of the one that took most. */
function together(runs: readonly RunFigures[], seconds: number): RunFigures {
  return {
    seconds,
    cpu: byRole((role) => runs.reduce((sum, { cpu }) => sum + cpu[role], 0)),
    memory: byRole((role) => Math.max(...runs.map(({ memory }) => memory[role]))),
  };
}
