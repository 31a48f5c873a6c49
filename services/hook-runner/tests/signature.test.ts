import assert from "node:assert/strict";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { signatureOf } from "../deliver/signature";

const key = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const message = fc.record({
  id: fc.stringMatching(/^msg_[A-Za-z0-9-]{1,40}$/),
  body: fc.string({ unit: "grapheme" }).map((text) => Buffer.from(text)),
});

function accepts(secret: Buffer, body: Buffer, headers: Record<string, string>): boolean {
  try {
    new Webhook(`whsec_${secret.toString("base64")}`).verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

describe("A webhook's signature", () => {
  it("is taken by the library of the standard with each key that signs, and with no other", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { minLength: 2, maxLength: 4, selector: String }),
        message,
        (keys, sent) => {
          const [stranger = Buffer.alloc(0), ...signing] = keys;
          const timestamp = Math.floor(Date.now() / 1000);
          const headers = {
            "webhook-id": sent.id,
            "webhook-timestamp": String(timestamp),
            "webhook-signature": signatureOf(signing, { ...sent, timestamp }),
          };
          assert.ok(signing.every((secret) => accepts(secret, sent.body, headers)));
          assert.ok(!accepts(stranger, sent.body, headers));
          assert.ok(
            !signing.some((secret) => accepts(secret, Buffer.concat([sent.body, Buffer.from("!")]), headers)),
          );
        },
      ),
    );
  });
});
