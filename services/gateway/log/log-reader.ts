import type { PipelineMessage } from "../delivery/pipeline-message";
import { SegmentReader, type LogSegment } from "./log-segment";

/** Reads the records of a log by their numbers, which only grow. */
export class LogReader {
  private current:
    { readonly segment: LogSegment; readonly records: SegmentReader; number: number } | undefined;

  constructor(private readonly topic: string) {}

  /** The file that is open. */
  get segment(): LogSegment | undefined {
    return this.current?.segment;
  }

  /** @returns undefined when there is none, or when it can't be read */
  async recordAt(segments: readonly LogSegment[], number: number): Promise<PipelineMessage | undefined> {
    const segment = segments.findLast(({ firstNumber }) => firstNumber <= number);
    if (segment === undefined || number >= segment.firstNumber + segment.count) return undefined;
    if (this.current?.segment !== segment) {
      await this.close();
      const records = await SegmentReader.open(segment.path, this.topic);
      this.current = { segment, records, number: segment.firstNumber };
    }
    const { current } = this;
    let message: PipelineMessage | undefined;
    while (current.number <= number) {
      message = await current.records.next(segment.bytes);
      current.number += 1;
    }
    return message;
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await current?.records.close();
  }
}
