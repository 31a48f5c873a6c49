/** What of a terminal a view needs to know; Node's streams have it. */
export interface ViewOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** What is shown at one moment. */
export interface Shown {
  /** For a terminal, where it takes the place of what was shown before. */
  readonly lines: readonly string[];
  /** The same in one line, for output that is read later: of a pipe, or in a file. */
  readonly summary: string;
}

/** Shows what changes: in place on a terminal, as a line whenever there is something new elsewhere. */
export class LiveView {
  private shown: readonly string[] = [];
  private summary = "";

  constructor(private readonly output: ViewOutput) {}

  show({ lines, summary }: Shown): void {
    if (this.output.isTTY === true) this.redraw(lines);
    else if (summary !== this.summary) this.output.write(`${summary}\n`);
    this.summary = summary;
  }

  /** Says something above what changes. */
  report(line: string): void {
    const { shown } = this;
    this.clear();
    this.output.write(`${line}\n`);
    if (shown.length > 0) this.redraw(shown);
  }

  /** Leaves the last state in full; what comes next stands below. */
  end({ lines }: Shown): void {
    this.clear();
    this.output.write(`${lines.join("\n")}\n`);
  }

  private redraw(lines: readonly string[]): void {
    this.clear();
    const { columns = 80, rows = 24 } = this.output;
    // A line that wraps, or one that has left the screen, could not be taken back.
    this.shown = lines.slice(0, rows - 1).map((line) => shortened(line, columns));
    this.output.write(`${this.shown.join("\n")}\n`);
  }

  private clear(): void {
    // One line up for each that was shown, and what follows is cleared.
    if (this.shown.length > 0) this.output.write(`\u001b[${this.shown.length}A\u001b[J`);
    this.shown = [];
  }
}

function shortened(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}
