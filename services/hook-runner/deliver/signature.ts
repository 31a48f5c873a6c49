import { createHmac } from "node:crypto";

/**
 * The header `webhook-signature` as Standard Webhooks has it: HMAC-SHA-256 of id, time and body, in base64.
 *
 * @param keys - each signs, so that a receiver that knows an old one and a receiver that knows a new one both find theirs
 */
export function signatureOf(
  keys: readonly Buffer[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: Buffer },
): string {
  return keys
    .map((key) => {
      const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
      return `v1,${digest}`;
    })
    .join(" ");
}
