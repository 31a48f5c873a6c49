import type { Logger } from "@algorun/common";
import { readCheckpoint } from "./checkpoint";
import { DeliveryProgress } from "./delivery-progress";
import { cutSegment, listSegments, scanSegment, type LogSegment, type SegmentScan } from "./log-segment";

/** What an earlier process left of a log. */
export interface RecoveredLog {
  readonly segments: readonly LogSegment[];
  readonly progress: DeliveryProgress;
}

/** Reads all files of a log, and cuts off what a crash left of the last write. */
export async function recoverLog(folder: string, topic: string, logger: Logger): Promise<RecoveredLog> {
  const scans: SegmentScan[] = [];
  for (const file of listSegments(folder)) scans.push(await scanSegment(file, topic));
  const last = scans.at(-1);
  for (const scan of scans.filter(({ rest }) => rest > 0)) {
    const { rest: bytes, segment } = scan;
    if (scan === last) {
      logger.warn(
        { topic, bytes },
        "cut off what a crash left of the last write, which nobody was told is safe",
      );
      await cutSegment(segment);
    } else {
      const message =
        "a file of the write-ahead log is damaged: the messages behind the damage can't be read";
      logger.error({ topic, file: segment.path, bytes }, message);
    }
  }
  return { segments: scans.map(({ segment }) => segment), progress: progressOf(folder, scans) };
}

function progressOf(folder: string, scans: readonly SegmentScan[]): DeliveryProgress {
  const { next, delivered } = readCheckpoint(folder);
  const progress = new DeliveryProgress(Math.max(next, scans[0]?.segment.firstNumber ?? 0), delivered);
  for (const [index, { segment, timestamps }] of scans.entries()) {
    for (const [offset, timestamp] of timestamps.entries()) {
      const number = segment.firstNumber + offset;
      if (number >= progress.next) progress.wasTaken(number, timestamp);
    }
    // Numbers that damage took will never be read. At the end they are those that were delivered: a number that is given
    // twice would count as delivered, and its message be lost.
    const following = scans[index + 1]?.segment.firstNumber ?? progress.end;
    for (let lost = segment.firstNumber + segment.count; lost < following; lost += 1)
      progress.wasDelivered(lost);
  }
  return progress;
}
