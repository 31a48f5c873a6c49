import type { Logger } from "@algorun/common";
import type { CircuitBreaker } from "../delivery/circuit-breaker";
import { messageBytes, type PipelineMessage } from "../delivery/pipeline-message";
import type { LoggedMessage } from "./log-record";
import type { WriteAheadLog } from "./write-ahead-log";

/** How a log is sent. */
export interface ReplaySettings {
  /** Between two rounds, each of which sends what there is. */
  readonly periodMs: number;
  /** Most messages in a second; undefined: as fast as Kafka takes them. */
  readonly rateLimit: number | undefined;
  /** Most bytes on their way to Kafka. */
  readonly windowBytes: number;
}

/** After the disk failed, or while Kafka is away. */
const patienceMs = 250;

/** Sends the messages of a log to Kafka, in order, for as long as the gateway runs. */
export class LogReplay {
  private stopped = false;
  private onTheirWay = 0;
  private readonly idle: (() => void)[] = [];
  private readonly done: Promise<void>;
  private wakeUp: () => void = () => undefined;

  constructor(
    private readonly log: WriteAheadLog,
    private readonly send: (message: PipelineMessage) => Promise<void>,
    private readonly breaker: CircuitBreaker,
    private readonly settings: ReplaySettings,
    private readonly logger: Logger,
  ) {
    this.done = this.run();
  }

  /** Sends nothing more; what is on its way may still be confirmed. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.log.wake();
    this.wakeUp();
    for (const resolve of this.idle.splice(0)) resolve();
    await this.done;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (this.breaker.current === "open") {
        await this.wait(patienceMs);
        continue;
      }
      try {
        const next = await this.log.next();
        if (next !== undefined) await this.deliver(next);
      } catch (error) {
        this.logger.error({ err: error }, "the write-ahead log can't be read; tried again");
        await this.wait(patienceMs);
      }
    }
  }

  private async deliver({ number, message }: LoggedMessage): Promise<void> {
    const bytes = messageBytes(message);
    while (this.onTheirWay > 0 && this.onTheirWay + bytes > this.settings.windowBytes && !this.stopped) {
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
    // Not sent: it stays in the log for the next process.
    if (this.stopped) return;
    this.onTheirWay += bytes;
    void this.send(message).then(() => {
      this.onTheirWay -= bytes;
      this.log.delivered(number);
      for (const resolve of this.idle.splice(0)) resolve();
    });
    this.log.wasSent();
    const { rateLimit, periodMs } = this.settings;
    if (rateLimit !== undefined) await this.wait(1000 / rateLimit);
    if (!this.log.isRead) return;
    if (this.breaker.current === "closed" && this.log.isFlowing) this.log.handOver.begin();
    if (periodMs > 0 && !this.log.handOver.isHeld) await this.wait(periodMs);
  }

  private async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
