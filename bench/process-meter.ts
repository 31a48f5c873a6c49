import { cpuTime, residentMemory } from "../local/process/process-usage";

/** What a process has taken while something was measured. */
export interface ProcessFigures {
  /** CPU time in seconds of each second: 1 is a whole core. */
  readonly cores: number;
  /** Resident memory in MiB: the median of the first and of the last fifth of the time, and the most. */
  readonly memory: { readonly first: number; readonly last: number; readonly most: number };
}

interface Watched {
  readonly pid: number;
  readonly mebibytes: number[];
  readonly cpuAtStart: number;
  cpu: number;
}

const sampleMs = 500;

/** Watches processes, by their names, while something is measured. One that ends keeps the figures that it had. */
export class ProcessMeter {
  private readonly watched: ReadonlyMap<string, Watched>;
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(processes: Readonly<Record<string, number>>) {
    this.watched = new Map(
      Object.entries(processes).map(([name, pid]) => {
        const cpu = cpuTime(pid) ?? 0;
        return [name, { pid, mebibytes: [], cpuAtStart: cpu, cpu }];
      }),
    );
    this.sample();
    this.timer = setInterval(() => {
      this.sample();
    }, sampleMs);
  }

  /** Ends the watch. */
  stop(): Readonly<Record<string, ProcessFigures>> {
    clearInterval(this.timer);
    this.sample();
    const seconds = (performance.now() - this.startedAt) / 1000;
    return Object.fromEntries(
      [...this.watched].map(([name, { mebibytes, cpuAtStart, cpu }]) => [
        name,
        { cores: (cpu - cpuAtStart) / seconds, memory: memoryOf(mebibytes) },
      ]),
    );
  }

  private sample(): void {
    for (const process of this.watched.values()) {
      const mebibytes = residentMemory(process.pid);
      if (mebibytes !== undefined) process.mebibytes.push(mebibytes);
      process.cpu = cpuTime(process.pid) ?? process.cpu;
    }
  }
}

function memoryOf(samples: readonly number[]): ProcessFigures["memory"] {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  return {
    first: median(samples.slice(0, fifth)),
    last: median(samples.slice(-fifth)),
    most: Math.max(...samples),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
