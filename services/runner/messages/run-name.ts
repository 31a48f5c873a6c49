import { createHash } from "node:crypto";
import type { FetchedMessage } from "@algorun/common";

/**
 * Name of a run, and of what comes of it: the same whenever the same message is run again, so that objects are written
 * over, and receivers know again what they have.
 */
export function runName(
  component: string,
  message: Pick<FetchedMessage, "topic" | "partition" | "offset">,
): string {
  return digest(component, message.topic, String(message.partition), String(message.offset));
}

/** A name that follows from others. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
