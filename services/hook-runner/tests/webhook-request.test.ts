import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeHeaders, type FetchedMessage, type MessageHeaders } from "@algorun/common";
import fc from "fast-check";
import { webhookRequest } from "../deliver/webhook-request";
import { SecretFault } from "../deliver/webhook-secrets";
import type { WebhookConfig } from "../hook-config";

const webhook: WebhookConfig = {
  name: "crm",
  topics: ["t"],
  url: "https://crm.example/",
  verb: "POST",
  headers: {},
  secretHeaders: {},
};

function message(headers: Partial<MessageHeaders>, value = "body"): FetchedMessage {
  return {
    topic: "t",
    partition: 1,
    offset: 7n,
    timestamp: 0n,
    key: null,
    value: Buffer.from(value),
    headers: [...encodeHeaders({ others: [], ...headers })],
  };
}

describe("A message as a request", () => {
  const folder = mkdtempSync(join(tmpdir(), "webhook-request-"));
  const file = join(folder, "secret");

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("has each header once: the document's instead of ours, but never the standard's", async () => {
    const headers = { "Content-Type": "application/vnd.acme", "Webhook-Id": "mine" };
    const request = await webhookRequest(
      { ...webhook, headers },
      message({ contentType: "text/plain", messageID: "m1" }),
      0,
      {},
    );
    assert.equal(request.headers.get("content-type"), "application/vnd.acme");
    assert.equal(request.headers.get("webhook-id"), "msg_m1");
  });

  it("can be made of every message, and is called the same each time", async () => {
    const any = fc.record({
      contentType: fc.string(),
      messageID: fc.string(),
      traceID: fc.string({ unit: "grapheme" }),
    });
    await fc.assert(
      fc.asyncProperty(any, async (headers) => {
        const ids = await Promise.all(
          [1, 2].map(async (now) =>
            (await webhookRequest(webhook, message(headers), now, {})).headers.get("webhook-id"),
          ),
        );
        assert.match(ids[0] ?? "", /^msg_[!-~]+$/);
        assert.equal(ids[0], ids[1]);
      }),
    );
  });

  const faultOf = async (text: string, config: Partial<WebhookConfig>): Promise<string> => {
    writeFileSync(file, text);
    const request = webhookRequest({ ...webhook, ...config }, message({}), 0, {});
    const error: unknown = await request.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof SecretFault);
    return error.message;
  };
  const signature = { scheme: "standard-webhooks", file } as const;
  const secretHeaders = { Authorization: { file } };

  it("is not made with a secret that is none, and nothing of the secret is shown", async () => {
    assert.match(await faultOf("", { signature }), /found nothing, expected a secret/);
    assert.match(await faultOf("whsec_", { signature }), /expected whsec_ and base64/);
    assert.doesNotMatch(await faultOf("top secret!", { signature }), /top/);
    const spread = await faultOf("Bearer top\nsecret", { secretHeaders });
    assert.match(spread, /expected one line of text for Authorization/);
    assert.doesNotMatch(spread, /top/);
  });

  it("is not made when the file with the secret is gone", async () => {
    const lost = join(folder, "none");
    await assert.rejects(
      webhookRequest({ ...webhook, signature: { ...signature, file: lost } }, message({}), 0, {}),
      (error) => error instanceof SecretFault && error.message.includes(lost),
    );
  });
});
