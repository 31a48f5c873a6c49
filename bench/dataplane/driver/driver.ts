import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { ProcessMeter, type ProcessFigures } from "../../process-meter";
import { driverWordSchema, type DriverWord, type Load, type LoadFigures } from "./load";

/** What came of a load, and what it took. */
export interface LoadMeasure extends LoadFigures {
  readonly processes: Readonly<Record<string, ProcessFigures>>;
}

/** What is done when measuring begins and ends. */
export interface MeasureListener {
  readonly begun?: () => void;
  readonly ended?: () => void;
}

/** Who sends the messages and receives the webhooks. */
export class Driver {
  private listener: (message: unknown) => void = () => undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on("message", (message) => {
      this.listener(message);
    });
  }

  static start(): Driver {
    return new Driver(fork(join(__dirname, "main.ts"), { execArgv: ["--import", "tsx"] }));
  }

  /** Port of the webhook's receiver. Asked once, after the start. */
  async port(): Promise<number> {
    return await this.wait((word) => (word.kind === "listening" ? word.port : undefined));
  }

  /**
   * Puts a load on, and watches processes meanwhile.
   *
   * @throws Error when the driver fails
   */
  async measure(
    load: Load,
    watched: Readonly<Record<string, number>>,
    on: MeasureListener = {},
  ): Promise<LoadMeasure> {
    let meter: ProcessMeter | undefined;
    let processes: LoadMeasure["processes"] = {};
    this.child.send(load);
    const figures = await this.wait((word) => {
      if (word.kind === "failed") throw new Error(`the driver failed: ${word.reason}`);
      if (word.kind === "begun") {
        meter = new ProcessMeter({ ...watched, driver: this.child.pid ?? 0 });
        on.begun?.();
      }
      if (word.kind === "ended") {
        processes = meter?.stop() ?? {};
        on.ended?.();
      }
      return word.kind === "figures" ? word.figures : undefined;
    });
    return { ...figures, processes };
  }

  stop(): void {
    this.child.removeAllListeners();
    this.child.kill("SIGKILL");
  }

  private async wait<Result>(read: (word: DriverWord) => Result | undefined): Promise<Result> {
    return await new Promise((resolve, reject) => {
      this.child.once("exit", () => {
        reject(new Error("the driver has ended"));
      });
      this.listener = (message) => {
        try {
          const result = read(driverWordSchema.parse(message));
          if (result !== undefined) resolve(result);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
    });
  }
}
