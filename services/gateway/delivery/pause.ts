import type { ProducerParams } from "../configuration/producer-params";

/** Waits a random time up to a limit that doubles with each attempt. */
export async function pause(
  attempt: number,
  { retryBackOffMs, retryBackOffMaxMs }: Pick<ProducerParams, "retryBackOffMs" | "retryBackOffMaxMs">,
): Promise<void> {
  const limit = Math.min(retryBackOffMs * 2 ** Math.min(attempt, 20), retryBackOffMaxMs);
  await new Promise((resolve) => setTimeout(resolve, limit / 2 + (Math.random() * limit) / 2));
}
