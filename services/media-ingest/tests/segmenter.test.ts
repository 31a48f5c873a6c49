import assert from "node:assert/strict";
import fc from "fast-check";
import { formatOf } from "../media-stream";
import { ffmpegArguments, readListLine, withoutKey } from "../segmenter";

describe("cutting a stream into pieces", () => {
  it("asks for pieces of the path's type, and for MPEG-TS when it has no type of its own", () => {
    assert.equal(formatOf({ contentType: "video/mp4" }).contentType, "video/mp4");
    for (const contentType of ["video/mp2t", "video/any", "video/x-flv", undefined])
      assert.equal(formatOf({ contentType }).contentType, "video/mp2t");
  });

  it("encodes nothing anew", () => {
    const args = ffmpegArguments({ folder: "/pieces", format: formatOf({}), pieceSeconds: 4 }).join(" ");
    assert.match(args, /-c copy -f segment -segment_time 4 -segment_format mpegts/);
  });

  it("reads ffmpeg's list of pieces, and nothing else that stands there", () => {
    assert.deepEqual(readListLine("00000003.mp4,6.000000,8.200000\r"), {
      file: "00000003.mp4",
      startMs: 6000,
      endMs: 8200,
    });
    assert.equal(readListLine("frame=1"), undefined);
    assert.deepEqual(readListLine("00000000.ts,-0.033000,2.000000")?.startMs, 0);
  });

  it("tells nobody a key", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (key) => {
        const line = `[concat] Impossible to open 'rtmp://host:1936/live/a.b.c?key=${key}&seconds=60'`;
        assert.ok(!withoutKey(line).includes(key));
        assert.ok(withoutKey(line).includes("a.b.c"));
      }),
    );
  });
});
