import { createHash } from "node:crypto";
import { decodeHeaders, type FetchedMessage, type MessageHeaders } from "@algorun/common";
import type { WebhookConfig } from "../hook-config";
import { signatureOf } from "./signature";
import { secretHeader, signingKeys } from "./webhook-secrets";

/** A message as it is sent. */
export interface WebhookRequest {
  readonly headers: Headers;
  readonly body: Buffer;
}

/** What carries the context of a trace on, as W3C Trace Context has it. */
export interface TraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/**
 * Name of a message for receivers, the same whenever it is sent: they know again by it what they have. It is the message's
 * id, unless that can't stand in a header.
 */
export function webhookId(
  message: Pick<FetchedMessage, "headers" | "topic" | "partition" | "offset">,
): string {
  const { messageID } = decodeHeaders(message.headers);
  if (messageID !== undefined && /^[!-~]{1,200}$/.test(messageID)) return `msg_${messageID}`;
  const named = messageID ?? `${message.topic} ${message.partition} ${message.offset}`;
  return `msg_${createHash("sha256").update(named).digest("hex").slice(0, 32)}`;
}

/**
 * A message as a request. Secrets are read for each, since Kubernetes changes the files when somebody changes a Secret.
 *
 * @param now - milliseconds since 1970
 * @throws SecretFault when a secret can't be read
 */
export async function webhookRequest(
  { headers: stated, secretHeaders, signature }: WebhookConfig,
  message: FetchedMessage,
  now: number,
  trace: TraceContext,
): Promise<WebhookRequest> {
  const known = decodeHeaders(message.headers);
  const body = message.value ?? Buffer.alloc(0);
  const id = webhookId(message);
  const timestamp = Math.floor(now / 1000);
  const headers = new Headers({ "user-agent": "algorun-hook", "content-type": contentTypeOf(known) });
  if (known.traceID !== undefined) headers.set("x-algorun-trace-id", encodeURIComponent(known.traceID));
  for (const [name, value] of Object.entries({ ...trace, ...stated })) headers.set(name, value);
  for (const [name, { file }] of Object.entries(secretHeaders))
    headers.set(name, await secretHeader(name, file));
  headers.set("webhook-id", id);
  headers.set("webhook-timestamp", String(timestamp));
  if (signature !== undefined)
    headers.set("webhook-signature", signatureOf(await signingKeys(signature.file), { id, timestamp, body }));
  return { headers, body };
}

/** What an algo says of its output may be no header. */
function contentTypeOf({ messageDataType, contentType = "" }: MessageHeaders): string {
  if (messageDataType === "FileReference") return "application/json";
  return /^[!-~][ -~]*$/.test(contentType) ? contentType : "application/octet-stream";
}
