import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pieceFile, readPieceFile, readSessionFolder, sessionFolder, type Piece } from "./piece";

/** Where the pieces of one stream wait until they are safe. */
export interface PieceBufferOptions {
  /** Folder of this stream alone. */
  readonly folder: string;
  /** Of the pieces' files, without a dot. */
  readonly extension: string;
  /** Most bytes of pieces that wait. The one that is being written comes on top. */
  readonly maxBytes: number;
  /** Is told of a piece that had to go, the oldest that nobody works on: the next ones are worth more to who watches. */
  readonly onDropped: (piece: Piece) => void;
  /** Is told of what can't be removed: a next process sends it again, under the same names. */
  readonly onLeft: (error: unknown) => void;
}

/**
 * Pieces of a stream on disk, in order, until they are safe. It is bounded; when what they wait for is away for too long,
 * the oldest ones go, and their numbers are missing. What an earlier process left behind comes first.
 */
export class PieceBuffer {
  private readonly waiting: Piece[];
  private inWork: Piece | undefined;
  private readonly openSessions = new Set<string>();
  private wake: () => void = () => undefined;

  /** @throws when its folder can't be made or read */
  constructor(private readonly options: PieceBufferOptions) {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.waiting = leftBehind(options.folder);
    this.keepBound();
  }

  /** Bytes of all that is not safe yet. */
  get bytes(): number {
    return this.waiting.reduce((sum, { bytes }) => sum + bytes, this.inWork?.bytes ?? 0);
  }

  get pieces(): number {
    return this.waiting.length + (this.inWork === undefined ? 0 : 1);
  }

  /**
   * Makes the folder of a new session.
   *
   * @throws when the disk is full
   */
  beginSession(startedAt: number, traceID: string): string {
    const folder = join(this.options.folder, sessionFolder(startedAt, traceID));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.openSessions.add(folder);
    return folder;
  }

  /** Nothing more comes of a session: its folder goes with its last piece. */
  endSession(folder: string): void {
    this.openSessions.delete(folder);
    this.tidy(folder);
  }

  /** Takes a piece that has been written to the end. */
  add(written: Omit<Piece, "bytes">): void {
    const file = pieceFile(written, this.options.extension);
    renameSync(join(written.folder, written.file), join(written.folder, file));
    const { size } = statSync(join(written.folder, file));
    this.waiting.push({ ...written, file, bytes: size });
    this.keepBound();
    this.wake();
  }

  /** The next piece, which stays until it is {@link done}; undefined when the signal came first. */
  async next(signal: AbortSignal): Promise<Piece | undefined> {
    while (this.waiting.length === 0 && !signal.aborted) await this.somethingNew(signal);
    if (signal.aborted) return undefined;
    this.inWork = this.waiting.shift();
    return this.inWork;
  }

  private async somethingNew(signal: AbortSignal): Promise<void> {
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.wake = wake;
    signal.addEventListener("abort", wake, { once: true });
    await woken;
    signal.removeEventListener("abort", wake);
  }

  /** The piece in work is safe. */
  done(): void {
    if (this.inWork !== undefined) this.remove(this.inWork);
    this.inWork = undefined;
  }

  /** The piece in work is not safe, and stays the first. */
  giveBack(): void {
    if (this.inWork !== undefined) this.waiting.unshift(this.inWork);
    this.inWork = undefined;
  }

  private keepBound(): void {
    while (this.bytes > this.options.maxBytes && this.waiting.length > 1) {
      const oldest = this.waiting.shift();
      if (oldest === undefined) return;
      this.remove(oldest);
      this.options.onDropped(oldest);
    }
  }

  private remove({ folder, file }: Piece): void {
    this.unlessLeft(() => {
      rmSync(join(folder, file), { force: true });
    });
    this.tidy(folder);
  }

  private tidy(folder: string): void {
    if (this.openSessions.has(folder)) return;
    this.unlessLeft(() => {
      if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
    });
  }

  private unlessLeft(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.onLeft(error);
    }
  }
}

/** What an earlier process did not bring to safety, the piece that it was writing among it. */
function leftBehind(folder: string): Piece[] {
  const sessions = readdirSync(folder).sort();
  return sessions.flatMap((session) => {
    const traceID = readSessionFolder(session);
    const path = join(folder, session);
    const files = traceID === undefined ? [] : readdirSync(path).sort();
    const pieces = files.flatMap((file) => {
      const read = readPieceFile(file);
      const { size } = statSync(join(path, file));
      if (read === undefined || traceID === undefined || size === 0) return [];
      return [{ ...read, folder: path, file, traceID, bytes: size }];
    });
    if (traceID !== undefined && pieces.length === 0) rmSync(path, { recursive: true });
    return pieces;
  });
}
