/** A piece of a stream, as it lies in the buffer: its file's name says all of it, so that it outlives a restart. */
export interface Piece {
  /** Folder of the session. */
  readonly folder: string;
  readonly file: string;
  /** Identifies all that was sent at one stretch. */
  readonly traceID: string;
  /** From 0 on, without gaps as long as nothing was dropped. */
  readonly sequence: number;
  /** Where it lies in the session, in milliseconds; undefined when the gateway was killed while it was written. */
  readonly span: { readonly startMs: number; readonly endMs: number } | undefined;
  readonly bytes: number;
}

/** Name of a piece's file. */
export function pieceFile({ sequence, span }: Pick<Piece, "sequence" | "span">, extension: string): string {
  const times = span === undefined ? "" : `_${span.startMs}_${span.endMs}`;
  return `${String(sequence).padStart(8, "0")}${times}.${extension}`;
}

/** What a file's name says; undefined when it is none of a piece. */
export function readPieceFile(file: string): Pick<Piece, "sequence" | "span"> | undefined {
  const [, sequence, start, end] = /^(\d{8,})(?:_(\d+)_(\d+))?\.[a-z0-9]+$/.exec(file) ?? [];
  if (sequence === undefined) return undefined;
  const span =
    start === undefined || end === undefined ? undefined : { startMs: Number(start), endMs: Number(end) };
  return { sequence: Number(sequence), span };
}

/** Name of a session's folder: sessions sort by their begin. */
export function sessionFolder(startedAt: number, traceID: string): string {
  return `${String(startedAt).padStart(15, "0")}_${traceID}`;
}

/** The trace id of a session; undefined when the folder is none of a session. */
export function readSessionFolder(folder: string): string | undefined {
  return /^\d{15}_(.+)$/.exec(folder)?.[1];
}
