/** Where progress is written to; `process.stderr` is one. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Pause between two signs of life, in milliseconds: often on a terminal, where they overwrite each other. */
const interval = { terminal: 1000, file: 30_000 };

/** Tells a person which step runs, for how long, and how it ended. */
export class Progress {
  private step = 0;

  /**
   * @param output where to write
   * @param total how many steps there will be
   */
  constructor(
    private readonly output: ProgressOutput,
    private readonly total: number,
  ) {}

  /** Runs the next step. */
  async run<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.step += 1;
    this.output.write(`[${this.step}/${this.total}] ${title}\n`);
    const began = performance.now();
    const elapsed = (): string => formatDuration(performance.now() - began);
    const terminal = this.output.isTTY === true;
    const ticker = setInterval(
      () => this.output.write(terminal ? `\r      … ${elapsed()} ` : `      … ${elapsed()}\n`),
      terminal ? interval.terminal : interval.file,
    );
    const start = terminal ? "\r" : "";
    try {
      const result = await work();
      this.output.write(`${start}      done in ${elapsed()}\n`);
      return result;
    } catch (error) {
      this.output.write(`${start}      failed after ${elapsed()}\n`);
      throw error;
    } finally {
      clearInterval(ticker);
    }
  }
}

/** A duration for people, such as `2m10s` or `9s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${String(seconds % 60).padStart(2, "0")}s`;
}
