import { bareSeconds } from "./bare-floor";
import type { RunFigures } from "./measured-run";
import { growthExponent, type Phase, type StackFigures } from "./stack-figures";

/** A goal, and how far it was reached. */
export interface Goal {
  readonly goal: string;
  /** What was measured; undefined: the sizes that were measured do not show it. */
  readonly measured: string | undefined;
  readonly isMet: boolean;
}

const most = {
  /** Time beside the same resources without components. */
  components: 1.1,
  /** The same, where nothing is to be done. */
  nothingToDo: 1.2,
  /** Time of the first update beside what the API server and the broker need. */
  bare: 2,
  exponent: 1.1,
  /** Time of a change to one pipeline beside an update with nothing to do. */
  change: 1.5,
  programMebibytes: 600,
} as const;

/** What a stack is to reach; of most goals, the largest stack shows how far it does. */
export function stackGoals(figures: readonly StackFigures[]): readonly Goal[] {
  const largest = largestOf(figures);
  if (largest === undefined) return [];
  const { ours } = largest;
  const compared = largestOf(figures.filter(({ others }) => others !== undefined));
  const beside = (phase: Phase): number | undefined =>
    share(compared?.ours.get(phase), compared?.others?.flat.get(phase)?.seconds);
  const exponents = (["preview", "up", "up again"] as const).map((phase) =>
    growthExponent(
      figures.flatMap((each) => {
        const run = each.ours.get(phase);
        return run === undefined ? [] : [[each.resources, run.seconds] as const];
      }),
    ),
  );
  const memory = Math.max(...[...ours.values()].map((run) => run.memory.program));
  return [
    ratioGoal("components cost at most 10 %: first preview and up", most.components, [
      beside("preview"),
      beside("up"),
    ]),
    ratioGoal("preview and up with nothing to do cost at most 20 % more", most.nothingToDo, [
      beside("preview again"),
      beside("up again"),
    ]),
    ratioGoal("the first up takes at most twice what it takes without an engine", most.bare, [
      share(compared?.ours.get("up"), compared?.others && bareSeconds(compared.others.bare)),
    ]),
    ratioGoal("exponent of growth, preview, up and up again, at most 1.1", most.exponent, exponents),
    ratioGoal("a change to one pipeline takes at most 1.5 times an up with nothing to do", most.change, [
      share(ours.get("change of one"), ours.get("up again")?.seconds),
    ]),
    {
      goal: `the program takes less than ${most.programMebibytes} MiB`,
      measured: `${memory} MiB`,
      isMet: memory < most.programMebibytes,
    },
  ];
}

function largestOf(figures: readonly StackFigures[]): StackFigures | undefined {
  return figures.reduce<StackFigures | undefined>(
    (found, each) => (found === undefined || each.pipelines > found.pipelines ? each : found),
    undefined,
  );
}

function share(run: RunFigures | undefined, of: number | undefined): number | undefined {
  return run === undefined || of === undefined ? undefined : run.seconds / of;
}

function ratioGoal(goal: string, limit: number, found: readonly (number | undefined)[]): Goal {
  const values = found.flatMap((value) => (value === undefined ? [] : [value]));
  return {
    goal,
    measured: values.length < found.length ? undefined : values.map((value) => value.toFixed(2)).join(", "),
    isMet: values.length === found.length && values.every((value) => value <= limit),
  };
}
