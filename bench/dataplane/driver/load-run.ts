import { setTimeout as sleep } from "node:timers/promises";
import { latencyOf } from "../../report/quantiles";
import { messageText, numberOf } from "../message-text";
import { GrpcTransport } from "./grpc-transport";
import { HttpTransport } from "./http-transport";
import type { Load, LoadFigures } from "./load";
import type { Transport } from "./transport";

const startMs = 120_000;
/** After a refusal. */
const pauseMs = 50;
const straysMs = 30_000;

/** One load on its way. Each message begins with its number, by which the driver knows it again when it arrives. */
export class LoadRun {
  private readonly transport: Transport;
  /** When messages that are not done were due. */
  private readonly due = new Map<number, number>();
  private readonly latencies: number[] = [];
  private next: number;
  private done = 0;
  private doubled = 0;
  private refused = 0;
  private counts = false;
  private isOver = false;

  /** @param first - number of its first message: those of an earlier load are smaller */
  constructor(
    private readonly load: Load,
    private readonly first: number,
  ) {
    this.next = first;
    const url = new URL(load.url);
    this.transport = url.protocol === "grpc:" ? new GrpcTransport(url) : new HttpTransport(url);
  }

  /** @param on - told when measuring begins and ends */
  async run(on: { begun: () => void; ended: () => void }): Promise<LoadFigures> {
    const { pace, seconds, warmUpSeconds } = this.load;
    const pacer = pace.kind === "rate" ? this.pacer(pace.perSecond) : undefined;
    const first = this.firstDone();
    if (pace.kind === "window") for (let count = 0; count < pace.messages; count += 1) this.send();
    await first;
    await sleep(warmUpSeconds * 1000);
    this.counts = true;
    this.done = 0;
    on.begun();
    const began = performance.now();
    await sleep(seconds * 1000);
    this.counts = false;
    this.isOver = true;
    const perSecond = (this.done / (performance.now() - began)) * 1000;
    on.ended();
    clearInterval(pacer);
    await this.strays();
    await this.transport.close();
    const { refused, doubled } = this;
    if (this.latencies.length === 0)
      throw new Error(`none of ${this.next - this.first} messages was done in time (${refused} refused)`);
    return { perSecond, latency: latencyOf(this.latencies), refused, doubled, lost: this.due.size };
  }

  /** A webhook has got a message. */
  delivered(text: Buffer): void {
    if (this.load.until === "delivered") this.end(numberOf(text));
  }

  /** Sends what is due, so that one that is slow delays none. */
  private pacer(perSecond: number): NodeJS.Timeout {
    const began = performance.now();
    return setInterval(() => {
      const due = this.first + Math.floor(((performance.now() - began) / 1000) * perSecond);
      while (this.next < due) this.send(began + ((this.next - this.first) * 1000) / perSecond);
    }, 1);
  }

  private send(dueAt = performance.now()): void {
    const number = this.next;
    this.next += 1;
    this.due.set(number, this.counts ? dueAt : -dueAt);
    this.transport
      .send(messageText(number, this.load.bytes))
      .then((isTaken) => {
        if (!isTaken) this.refuse(number);
        else if (this.load.until === "answered") this.end(number);
      })
      .catch(() => {
        this.refuse(number);
      });
  }

  private refuse(number: number): void {
    this.refused += 1;
    this.due.delete(number);
    if (this.load.pace.kind === "window")
      setTimeout(() => {
        if (!this.isOver) this.send();
      }, pauseMs);
  }

  private end(number: number): void {
    const dueAt = this.due.get(number);
    if (dueAt === undefined) {
      if (number >= this.first && number < this.next) this.doubled += 1;
      return;
    }
    this.due.delete(number);
    if (!this.isOver) this.done += 1;
    if (dueAt > 0 || this.counts) this.latencies.push(performance.now() - Math.abs(dueAt));
    if (this.load.pace.kind === "window" && !this.isOver) this.send();
  }

  /** Members join their groups, and coordinators are found: that takes seconds, and is none of what is measured. */
  private async firstDone(): Promise<void> {
    const deadline = performance.now() + startMs;
    while (this.done === 0) {
      if (performance.now() > deadline)
        throw new Error(
          `none of ${this.due.size} messages was done within ${startMs / 1000} s (${this.refused} refused)`,
        );
      await sleep(50);
    }
  }

  private async strays(): Promise<void> {
    const deadline = performance.now() + straysMs;
    while (this.due.size > 0 && performance.now() < deadline) await sleep(50);
  }
}
