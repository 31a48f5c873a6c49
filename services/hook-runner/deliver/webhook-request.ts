import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { decodeHeaders, type FetchedMessage } from "@algorun/common";
import type { WebhookConfig } from "../hook-config";
import { signatureOf } from "./signature";

/** A message as it is sent. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Name of a message for receivers, the same whenever it is sent: they know again by it what they have. */
export function webhookId(message: FetchedMessage): string {
  const { messageID } = decodeHeaders(message.headers);
  const place = `${message.topic} ${message.partition} ${message.offset}`;
  return `msg_${messageID ?? createHash("sha256").update(place).digest("hex").slice(0, 32)}`;
}

/**
 * A message as a request. Secrets are read for each, since Kubernetes changes the files when somebody changes a Secret.
 *
 * @param now - milliseconds since 1970
 */
export async function webhookRequest(
  { headers: stated, secretHeaders, signature }: WebhookConfig,
  message: FetchedMessage,
  now: number,
): Promise<WebhookRequest> {
  const known = decodeHeaders(message.headers);
  const body = message.value ?? Buffer.alloc(0);
  const id = webhookId(message);
  const timestamp = Math.floor(now / 1000);
  const type = known.messageDataType === "FileReference" ? "application/json" : known.contentType;
  const secret = await Promise.all(
    Object.entries(secretHeaders).map(
      async ([name, { file }]) => [name, (await readFile(file, "utf8")).trim()] as const,
    ),
  );
  return {
    body,
    headers: {
      "content-type": type ?? "application/octet-stream",
      ...(known.traceID === undefined ? {} : { "x-algorun-trace-id": encodeURIComponent(known.traceID) }),
      ...(known.traceparent === undefined ? {} : { traceparent: known.traceparent }),
      ...stated,
      ...Object.fromEntries(secret),
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      ...(signature === undefined
        ? {}
        : {
            "webhook-signature": signatureOf(await readFile(signature.file, "utf8"), { id, timestamp, body }),
          }),
    },
  };
}
