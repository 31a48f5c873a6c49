import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { collectAtMost } from "../execute/collect";
import { RunFailure } from "../failure";

const tooLarge = (): RunFailure => new RunFailure("OutputTooLarge", "too large");

describe("A result that is read into memory", () => {
  it("is there as it came, up to the most that it may have", async () => {
    const stream = Readable.from([Buffer.from("ab"), Buffer.from("cd")], { objectMode: false });
    assert.equal(String(await collectAtMost(stream, 4, tooLarge)), "abcd");
  });

  it("fails when it is larger, and nothing more is read", async () => {
    const stream = new PassThrough();
    stream.write("abcde");
    await assert.rejects(collectAtMost(stream, 4, tooLarge), { failure: "OutputTooLarge" });
    assert.ok(stream.destroyed);
  });

  it("fails when it is cut off", async () => {
    const stream = new PassThrough();
    stream.write("ab");
    const read = collectAtMost(stream, 4, tooLarge);
    setImmediate(() => stream.destroy());
    await assert.rejects(read, { code: "ERR_STREAM_PREMATURE_CLOSE" });
  });
});
