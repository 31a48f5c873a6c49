import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { pieceFile, readPieceFile, readSessionFolder, sessionFolder, type Piece } from "../piece";
import { PieceBuffer } from "../piece-buffer";

const extension = "ts";

describe("names of pieces", () => {
  it("say all of a piece again, and sort as the pieces do", () => {
    const span = fc.option(fc.record({ startMs: fc.nat(), endMs: fc.nat() }, { noNullPrototype: true }), {
      nil: undefined,
    });
    const piece = fc.record({ sequence: fc.nat(99_999_999), span }, { noNullPrototype: true });
    fc.assert(
      fc.property(piece, piece, (one, other) => {
        assert.deepEqual(readPieceFile(pieceFile(one, extension)), one);
        if (one.sequence < other.sequence) assert.ok(pieceFile(one, extension) < pieceFile(other, extension));
      }),
    );
    assert.equal(readPieceFile("lost+found"), undefined);
  });

  it("of sessions say their trace id, and sort by their begin", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.uuid(), (earlier, more, traceID) => {
        const folder = sessionFolder(earlier, traceID);
        assert.equal(readSessionFolder(folder), traceID);
        assert.ok(more === 0 || folder < sessionFolder(earlier + more, ""));
      }),
    );
  });
});

describe("the buffer of a stream", () => {
  let folder: string;
  let dropped: Piece[];
  const never = new AbortController().signal;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "algorun-pieces-"));
    dropped = [];
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function open(maxBytes = 1000): PieceBuffer {
    return new PieceBuffer({
      folder,
      extension,
      maxBytes,
      onDropped: (piece) => dropped.push(piece),
      onLeft: (error) => assert.fail(String(error)),
    });
  }

  function write(buffer: PieceBuffer, session: string, sequence: number, bytes: number): void {
    const file = pieceFile({ sequence, span: undefined }, extension);
    writeFileSync(join(session, file), Buffer.alloc(bytes));
    const span = { startMs: sequence * 1000, endMs: sequence * 1000 + 1000 };
    buffer.add({ folder: session, file, traceID: "trace", sequence, span });
  }

  /** Takes all that waits, without an end. */
  async function takeAll(buffer: PieceBuffer): Promise<readonly number[]> {
    const taken: number[] = [];
    while (buffer.pieces > 0) {
      const piece = await buffer.next(never);
      assert.ok(piece);
      taken.push(piece.sequence);
      buffer.done();
    }
    return taken;
  }

  it("gives pieces in order, and nothing stays of those that are done", async () => {
    const buffer = open();
    const session = buffer.beginSession(1, "trace");
    for (const sequence of [0, 1, 2]) write(buffer, session, sequence, 10);
    assert.deepEqual(await takeAll(buffer), [0, 1, 2]);
    buffer.endSession(session);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("gives a piece again that was given back", async () => {
    const buffer = open();
    const session = buffer.beginSession(1, "trace");
    for (const sequence of [0, 1]) write(buffer, session, sequence, 10);
    await buffer.next(never);
    buffer.giveBack();
    assert.deepEqual(await takeAll(buffer), [0, 1]);
  });

  it("waits for a piece, and no longer than the signal lets it", async () => {
    const buffer = open();
    const session = buffer.beginSession(1, "trace");
    const next = buffer.next(never);
    write(buffer, session, 0, 10);
    assert.equal((await next)?.sequence, 0);
    const ended = new AbortController();
    buffer.done();
    const none = buffer.next(ended.signal);
    ended.abort();
    assert.equal(await none, undefined);
  });

  it("drops the oldest when it is full, never what is in work or the newest, and says so", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), async (bytes, works) => {
        rmSync(folder, { recursive: true });
        dropped = [];
        const buffer = open(1000);
        const session = buffer.beginSession(1, "trace");
        write(buffer, session, 0, bytes[0] ?? 1);
        if (works) await buffer.next(never);
        bytes.slice(1).forEach((size, index) => {
          write(buffer, session, index + 1, size);
        });
        const inWork = works ? [0] : [];
        buffer.giveBack();
        const kept = await takeAll(buffer);
        const all = bytes.map((_, sequence) => sequence);
        const gone = dropped.map(({ sequence }) => sequence);
        assert.deepEqual(
          [...kept, ...gone].sort((a, b) => a - b),
          all,
        );
        assert.ok(inWork.every((sequence) => kept.includes(sequence)));
        assert.ok(kept.includes(bytes.length - 1));
        // What went is older than all that stayed, but for what was worked on.
        const others = kept.filter((sequence) => !inWork.includes(sequence));
        assert.ok(Math.max(-1, ...gone) < Math.min(...others, Infinity));
        const sum = bytes.reduce((total, size) => total + size, 0);
        if (sum <= 1000) assert.deepEqual(gone, []);
      }),
      { numRuns: 50 },
    );
  });

  it("has what an earlier process left behind, in its order, the piece that it was writing among it", async () => {
    const earlier = open();
    const first = earlier.beginSession(5, "first");
    const second = earlier.beginSession(12, "second");
    for (const sequence of [0, 1]) write(earlier, second, sequence, 10);
    write(earlier, first, 7, 10);
    writeFileSync(join(second, "00000002.ts"), "cut off");
    writeFileSync(join(second, "00000003.ts"), "");
    const buffer = open();
    const found: unknown[] = [];
    while (buffer.pieces > 0) {
      const piece = await buffer.next(never);
      found.push([piece?.traceID, piece?.sequence, piece?.span?.startMs]);
      buffer.done();
    }
    assert.deepEqual(found, [
      ["first", 7, 7000],
      ["second", 0, 0],
      ["second", 1, 1000],
      ["second", 2, undefined],
    ]);
  });
});
