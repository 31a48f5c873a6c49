import { createHmac } from "node:crypto";

/**
 * The header `webhook-signature` as Standard Webhooks has it: HMAC-SHA-256 of id, time and body, in base64.
 *
 * @param secrets - `whsec_` and the secret in base64; of several, separated by blanks, each signs, so that a receiver
 * that knows the old one and a receiver that knows the new one both find theirs
 */
export function signatureOf(
  secrets: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: Buffer },
): string {
  return secrets
    .trim()
    .split(/\s+/)
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
      const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
      return `v1,${digest}`;
    })
    .join(" ");
}
