import { CommittedReader } from "@algorun/common";
import { connectionOf } from "../../tests/services/topic-reader";
import type { KafkaLogin } from "../../tests/software/kafka-client";
import { latencyOf, type Latency } from "../report/quantiles";
import { numberOf } from "./message-text";

/**
 * Reads two topics as a third party, and takes the time from the moment that a message can be read in the one until it can
 * be read in the other: what a hop adds, with the algo's answer and the commit. Both are read alike, so that the time that
 * reading itself takes cancels out.
 */
export class HopMeter {
  private readonly reader: CommittedReader;
  private readonly seen = new Map<number, number>();
  private milliseconds: number[] = [];
  private isMeasuring = false;

  constructor(login: KafkaLogin) {
    this.reader = new CommittedReader(connectionOf(login), (error) => {
      throw error;
    });
  }

  /** Begins to read. What was in the topics before counts for nothing. */
  async start(from: string, to: string): Promise<void> {
    await this.read(from, (number) => this.seen.set(number, performance.now()));
    await this.read(to, (number) => {
      const since = this.seen.get(number);
      this.seen.delete(number);
      if (since !== undefined && this.isMeasuring) this.milliseconds.push(performance.now() - since);
    });
  }

  /** From now on it counts. */
  begin(): void {
    this.milliseconds = [];
    this.seen.clear();
    this.isMeasuring = true;
  }

  /** What counted. */
  end(): Latency {
    this.isMeasuring = false;
    return latencyOf(this.milliseconds);
  }

  async close(): Promise<void> {
    await this.reader.close();
  }

  private async read(topic: string, on: (number: number) => void): Promise<void> {
    await this.reader.read([topic], "beginning", (messages) => {
      for (const { value } of messages) if (value) on(numberOf(value));
    });
  }
}
