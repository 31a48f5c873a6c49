import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { PieceFormat } from "./media-stream";

/** A stream that is cut into pieces. */
export interface SegmenterOptions {
  /** ffmpeg. */
  readonly program: string;
  /** With the key; it reaches ffmpeg on its standard input, since anybody may read a command line. */
  readonly url: string;
  /** For the pieces, which are called `00000000.mp4` and so on. */
  readonly folder: string;
  readonly format: PieceFormat;
  readonly pieceSeconds: number;
  /** Ends the stream, and with it the last piece. */
  readonly signal: AbortSignal;
}

/** A piece that has been written to the end. */
export interface WrittenPiece {
  readonly file: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Why a stream ended. */
export interface StreamEnd {
  /** Nobody publishes it at present: neither an error nor worth a word. */
  readonly isIdle: boolean;
  /** The last things that ffmpeg said, without the key. */
  readonly said: string;
}

/** ffmpeg gives a server that says nothing no longer than this, in microseconds. */
const silenceLimit = 20_000_000;
/** How long ffmpeg looks for what is in a stream, in microseconds: a track that begins later is not found. */
const lookFor = 2_000_000;
/** How long a stream has to end by itself before it is killed, in milliseconds. */
const killAfter = 5_000;
const linesKept = 5;

/**
 * Plays a stream until it ends, and writes it in pieces as it comes, without encoding anything anew.
 *
 * @param onPiece - is told of each piece once it is whole
 */
export async function segmentStream(
  options: SegmenterOptions,
  onPiece: (piece: WrittenPiece) => void,
): Promise<StreamEnd> {
  const { program, signal, url } = options;
  const child = spawn(program, [...ffmpegArguments(options)], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      resolve();
    });
  });
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    killer = setTimeout(() => child.kill("SIGKILL"), killAfter);
  };
  signal.addEventListener("abort", stop, { once: true });
  child.stdin.on("error", () => undefined);
  child.stdin.end(inputList(url));
  createInterface(child.stdout).on("line", (line) => {
    const piece = readListLine(line);
    if (piece !== undefined) onPiece(piece);
  });
  const said: string[] = [];
  createInterface(child.stderr).on("line", (line) => {
    said.push(withoutKey(line));
    if (said.length > linesKept) said.shift();
  });
  try {
    if (signal.aborted) stop();
    await ended;
  } finally {
    clearTimeout(killer);
    signal.removeEventListener("abort", stop);
  }
  const text = said.join("\n");
  return { isIdle: /No such stream/.test(text), said: text };
}

/** ffmpeg's arguments: the input is what its standard input lists, and the pieces are listed on its standard output. */
export function ffmpegArguments({
  folder,
  format,
  pieceSeconds,
}: Pick<SegmenterOptions, "folder" | "format" | "pieceSeconds">): readonly string[] {
  const input = ["-f", "concat", "-safe", "0", "-protocol_whitelist", "pipe,rtmp,tcp"];
  const { muxer, muxerOptions, extension } = format;
  return [
    ...["-hide_banner", "-loglevel", "warning"],
    ...["-analyzeduration", `${lookFor}`, ...input, "-i", "pipe:0"],
    ...["-map", "0", "-c", "copy"],
    ...["-f", "segment", "-segment_time", `${pieceSeconds}`, "-segment_format", muxer],
    ...(muxerOptions === undefined ? [] : ["-segment_format_options", muxerOptions]),
    ...["-segment_list", "pipe:1", "-segment_list_type", "csv"],
    `${folder}/%08d.${extension}`,
  ];
}

function inputList(url: string): string {
  const quoted = url.replaceAll("'", "'\\''");
  return `ffconcat version 1.0\nfile '${quoted}'\noption rw_timeout ${silenceLimit}\n`;
}

/** A line of ffmpeg's list: a file, and where it begins and ends in seconds; undefined when it is something else. */
export function readListLine(line: string): WrittenPiece | undefined {
  const [, file, start, end] = /^([\w.]+),(-?[\d.]+),(-?[\d.]+)$/.exec(line.trim()) ?? [];
  if (file === undefined) return undefined;
  const [startMs = 0, endMs = 0] = [start, end].map((seconds) =>
    Math.max(0, Math.round(Number(seconds) * 1000)),
  );
  return { file, startMs, endMs };
}

/** What is said of a stream, without the key that stands behind its name. */
export function withoutKey(text: string): string {
  return text.replace(/\?[^\s'"]*/g, "?…");
}
