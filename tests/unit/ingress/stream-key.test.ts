import assert from "node:assert/strict";
import fc from "fast-check";
import { streamKey, type StreamRight } from "../../../components/ingress/stream-key";

const rights: fc.Arbitrary<StreamRight> = fc.record({
  right: fc.constantFrom("publish", "play"),
  stream: fc.stringMatching(/^[a-z]{1,4}\.[a-z.]{1,6}\.[a-z0-9-]{1,4}$/),
  maxSeconds: fc.option(fc.integer({ min: 60, max: 999_999_999 }), { nil: undefined }),
});

/** What the server compares, without what everybody may see. */
function proof(secret: string, right: StreamRight): string {
  return new URLSearchParams(streamKey(secret, right).split("?")[1]).get("key") ?? "";
}

describe("a stream key", () => {
  it("is always the same for the same right, and another for any other", () => {
    fc.assert(
      fc.property(rights, rights, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(proof("secret", one) === proof("secret", other), isSame);
        assert.equal(streamKey("secret", one), streamKey("secret", { ...one }));
        assert.notEqual(proof("another", one), proof("secret", one));
      }),
      { numRuns: 2000 },
    );
  });

  it("begins with the stream's name, tells its limit, and needs no escape in a URL", () => {
    fc.assert(
      fc.property(rights, (right) => {
        const key = streamKey("secret", right);
        const limit = right.maxSeconds === undefined ? "" : `&seconds=${right.maxSeconds}`;
        assert.match(key, new RegExp(`^${right.stream.replaceAll(".", "\\.")}\\?key=[0-9a-f]{64}${limit}$`));
        assert.equal(new URL(key, "rtmp://host/live/").href, `rtmp://host/live/${key}`);
      }),
    );
  });
});
