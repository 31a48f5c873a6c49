import { table } from "../report/table";
import { bareSeconds } from "./bare-floor";
import { stackGoals } from "./goals";
import { roles, type RunFigures } from "./measured-run";
import { growthExponent, phases, type Phase, type StackFigures } from "./stack-figures";

/** Tables and a plot of what stacks of growing size have taken. */
export function figuresText(figures: readonly StackFigures[]): string {
  return [
    goalsTable(figures),
    "### Wall time",
    wallTable(figures),
    plot(figures),
    "### Beside the floors",
    floorTable(figures),
    "### Split",
    splitTable(figures),
    "### CPU time and memory",
    usageTable(figures),
  ].join("\n\n");
}

function goalsTable(figures: readonly StackFigures[]): string {
  const rows = stackGoals(figures).map(({ goal, measured, isMet }) => [
    goal,
    measured ?? "–",
    measured === undefined ? "not measured" : isMet ? "met" : "missed",
  ]);
  return table(["goal, by the largest stack that shows it", "measured", ""], rows);
}

function wallTable(figures: readonly StackFigures[]): string {
  const head = ["", ...figures.map(sizeText), "exponent over resources"];
  const rows = phases.map((phase) => [
    phase,
    ...figures.map(({ ours }) => seconds(ours.get(phase))),
    exponentText(figures, phase),
  ]);
  const rate = figures.map(({ resources, ours }) => {
    const up = ours.get("up");
    return up === undefined ? "–" : `${(resources / up.seconds).toFixed(0)}/s`;
  });
  return table(head, [...rows, ["resources made by up", ...rate, ""]]);
}

function floorTable(figures: readonly StackFigures[]): string {
  const compared = ["preview", "up", "preview again", "up again", "destroy"] as const;
  const rows = figures.flatMap((each) => {
    const { others } = each;
    if (others === undefined) return [];
    return compared.map((phase) => {
      const ours = each.ours.get(phase);
      const flat = others.flat.get(phase);
      const bare = phase === "up" ? bareSeconds(others.bare) : undefined;
      return [
        `${sizeText(each)}: ${phase}`,
        seconds(ours),
        seconds(flat),
        ratio(ours?.seconds, flat?.seconds),
        bare === undefined ? "" : `${bare.toFixed(1)} s`,
        bare === undefined ? "" : ratio(ours?.seconds, bare),
      ];
    });
  });
  return table(["", "AlgoRun", "without components", "ratio", "without an engine", "ratio"], rows);
}

function splitTable(figures: readonly StackFigures[]): string {
  const compared = ["up", "preview again", "up again", "change of one", "destroy"] as const;
  const rows = figures.flatMap((each) => {
    const split = each.others?.split;
    if (split === undefined) return [];
    return compared.map((phase) => {
      const one = each.ours.get(phase);
      const several = split.figures.get(phase);
      const memory = [one, several].map((run) => (run === undefined ? "–" : `${run.memory.program} MiB`));
      return [
        `${sizeText(each)} in 1 + ${split.parts}: ${phase}`,
        seconds(one),
        seconds(several),
        ratio(several?.seconds, one?.seconds),
        ...memory,
      ];
    });
  });
  return table(["", "one stack", "split", "ratio", "program of one", "largest program, split"], rows);
}

function usageTable(figures: readonly StackFigures[]): string {
  const measured: readonly Phase[] = ["preview", "up", "up again", "destroy"];
  const row = (title: string, run: RunFigures | undefined): readonly string[] => [
    title,
    ...roles.map((role) =>
      run === undefined ? "–" : `${run.cpu[role].toFixed(1)} s, ${run.memory[role]} MiB`,
    ),
  ];
  const rows = figures.flatMap((each) =>
    measured.flatMap((phase) => {
      const title = `${sizeText(each)}: ${phase}`;
      const ours = row(title, each.ours.get(phase));
      return each.others === undefined
        ? [ours]
        : [ours, row(`${title}, without components`, each.others.flat.get(phase))];
    }),
  );
  return table(["", ...roles], rows);
}

function plot(figures: readonly StackFigures[]): string {
  const line = (phase: Phase): string =>
    `  line [${figures.map(({ ours }) => (ours.get(phase)?.seconds ?? 0).toFixed(1)).join(", ")}]`;
  return [
    "First `up` (upper line) and `up` with nothing to do, in seconds, over the number of pipelines:",
    "",
    "```mermaid",
    "xychart-beta",
    `  x-axis "pipelines" [${figures.map(({ pipelines }) => pipelines).join(", ")}]`,
    '  y-axis "seconds"',
    line("up"),
    line("up again"),
    "```",
  ].join("\n");
}

function exponentText(figures: readonly StackFigures[], phase: Phase): string {
  const points = figures.flatMap(({ resources, ours }) => {
    const run = ours.get(phase);
    return run === undefined ? [] : [[resources, run.seconds] as const];
  });
  return growthExponent(points)?.toFixed(2) ?? "–";
}

function sizeText({ pipelines, resources }: StackFigures): string {
  return `${pipelines} ${pipelines === 1 ? "pipeline" : "pipelines"} (${resources.toLocaleString("en-US")} resources)`;
}

function seconds(run: RunFigures | undefined): string {
  return run === undefined ? "–" : `${run.seconds.toFixed(1)} s`;
}

function ratio(value: number | undefined, of: number | undefined): string {
  return value === undefined || of === undefined ? "–" : (value / of).toFixed(2);
}
