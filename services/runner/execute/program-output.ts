import { PassThrough, type Readable } from "node:stream";

/**
 * After a program has ended, its output counts as complete when nothing has come for so long. What it has left behind in
 * a session of its own may hold the output open for ever.
 */
const quietMs = 1_000;

/** The standard output of a program, which ends soon after the program does. */
export class ProgramOutput {
  readonly stream = new PassThrough();
  private hasProgramEnded = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly stdout: Readable) {
    stdout.once("error", (error) => this.stream.destroy(error));
    stdout.once("close", () => this.stream.end());
    stdout.on("data", () => {
      this.watch();
    });
    this.stream.once("close", () => {
      clearTimeout(this.timer);
      stdout.destroy();
    });
    stdout.pipe(this.stream);
  }

  /** The program has ended. */
  programEnded(): void {
    this.hasProgramEnded = true;
    this.watch();
  }

  /** Nothing more of the output counts. */
  end(): void {
    this.stdout.unpipe(this.stream);
    this.stream.end();
    this.stdout.destroy();
  }

  private watch(): void {
    clearTimeout(this.timer);
    if (!this.hasProgramEnded || this.stream.writableEnded) return;
    this.timer = setTimeout(() => {
      // Who reads may be slow: then there may be more.
      if (this.stream.writableNeedDrain) this.watch();
      else this.end();
    }, quietMs);
  }
}
