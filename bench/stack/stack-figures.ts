import type { BareFigures } from "./bare-floor";
import { byRole, type Role, type RunFigures } from "./measured-run";

/** What is done with a stack, in this order. The last of a stack without components is its destroy. */
export const phases = [
  "validate",
  "preview",
  "up",
  "preview again",
  "up again",
  "change of one",
  "removal of one",
  "destroy",
] as const;
export type Phase = (typeof phases)[number];

/** What a stack of some size has taken. */
export interface StackFigures {
  readonly pipelines: number;
  /** Of the providers, those of the platform included. */
  readonly resources: number;
  readonly ours: ReadonlyMap<Phase, RunFigures>;
  /** What it was compared with; undefined: it was not. */
  readonly others: OtherWays | undefined;
}

/** What the same takes in other ways. */
export interface OtherWays {
  /** The same resources, registered without components. */
  readonly flat: ReadonlyMap<Phase, RunFigures>;
  /** The same pipelines in stacks of their own. */
  readonly split: SplitFigures;
  readonly bare: BareFigures;
}

/** What a platform's stack and those of its pipelines have taken. */
export interface SplitFigures {
  /** How many stacks the pipelines are in. */
  readonly parts: number;
  /** Wall time from the first stack to the end of the last, CPU time of all, and memory of the one that took most. */
  readonly figures: ReadonlyMap<Phase, RunFigures>;
}

/** Keeps what each phase has taken. */
export class PhaseFigures {
  private readonly figures = new Map<Phase, RunFigures>();

  /** @param onEnd - is told when a phase has ended, with its wall time in seconds */
  constructor(private readonly onEnd: (phase: Phase, seconds: number) => void) {}

  get all(): ReadonlyMap<Phase, RunFigures> {
    return this.figures;
  }

  /**
   * Does something one or more times, one after the other.
   *
   * @param times - of which the run counts whose wall time is in the middle; its memory is the most of all
   */
  async add(phase: Phase, run: () => Promise<RunFigures>, times = 1): Promise<void> {
    const runs: RunFigures[] = [];
    for (let done = 0; done < times; done += 1) {
      const figures = await run();
      runs.push(figures);
      this.onEnd(phase, figures.seconds);
    }
    this.figures.set(phase, middleRun(runs));
  }
}

/** @throws RangeError if there is none */
export function middleRun(runs: readonly RunFigures[]): RunFigures {
  const middle = runs.toSorted((one, other) => one.seconds - other.seconds)[Math.floor(runs.length / 2)];
  if (middle === undefined) throw new RangeError("no run");
  const most = (role: Role): number => Math.max(...runs.map(({ memory }) => memory[role]));
  return { ...middle, memory: byRole(most) };
}

/**
 * The exponent of growth: the slope of the line that fits best through the points on axes that are both logarithmic. 1 is
 * in proportion. Undefined for less than two sizes.
 */
export function growthExponent(
  points: readonly (readonly [size: number, value: number])[],
): number | undefined {
  const logs = points.map(([size, value]) => [Math.log(size), Math.log(value)] as const);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const meanX = mean(logs.map(([x]) => x));
  const meanY = mean(logs.map(([, y]) => y));
  const spread = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (logs.length < 2 || spread === 0) return undefined;
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
