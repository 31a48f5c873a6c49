import { createHash } from "node:crypto";
import type { FetchedMessage, MessageHeaders } from "@algorun/common";

/**
 * Name of a run, and of what comes of it: the same whenever the same message is run again, so that objects are written
 * over, and receivers know again what they have. A message that waits in another topic carries it along.
 */
export function runOf(
  component: string,
  message: Pick<FetchedMessage, "topic" | "partition" | "offset">,
  { retryRun }: Pick<MessageHeaders, "retryRun">,
  { isRetryTopic }: { readonly isRetryTopic: boolean },
): string {
  const own = digest(component, message.topic, String(message.partition), String(message.offset));
  return isRetryTopic ? (retryRun ?? own) : own;
}

/** A name that follows from others. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
