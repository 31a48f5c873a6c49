import { containerPrefix } from "../local/pods/pod-processes";
import type { Layout } from "../local/layout";
import { ensureProcess, logTail, readProcess, stopProcess } from "../local/process/managed-process";
import { isAlive } from "../local/process/process-identity";
import { until } from "../local/process/until";

const source = "-nostdin -loglevel error -re -f lavfi -i testsrc=size=320x240:rate=10".split(" ");
const encoding = "-c:v libx264 -preset ultrafast -tune zerolatency -g 10 -pix_fmt yuv420p -f flv".split(" ");

/** What a camera publishes, and where. */
export interface CameraOptions {
  readonly layout: Layout;
  readonly ffmpeg: string;
  /** Names its record and its log. */
  readonly path: string;
  /** With the stream key. */
  readonly url: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** How long it publishes at most, in milliseconds. @default until the signal */
  readonly limit?: number;
}

/**
 * Publishes ffmpeg's test picture until the signal or its limit.
 *
 * @returns why it ended before, without its key; empty when it did not
 */
export async function publishTestPicture(options: CameraOptions): Promise<string> {
  const { layout, ffmpeg, path, url, signal } = options;
  // Like a container, so that it is ended with them should this command be killed.
  const name = `${containerPrefix}demo.camera.${path}`;
  await stopProcess(layout, name);
  await ensureProcess(layout, { name, program: ffmpeg, args: [...source, ...encoding, url], ports: {} });
  const runs = (): boolean => {
    const record = readProcess(layout, name);
    return record !== undefined && isAlive(record);
  };
  await until(() => signal.aborted || !runs(), options.limit ?? Number.POSITIVE_INFINITY);
  const said = runs() ? "" : logTail(layout, name) || "it ended by itself";
  await stopProcess(layout, name);
  return said.replace(/\?[^\s']*/g, "?…");
}
