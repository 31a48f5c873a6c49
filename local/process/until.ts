import { setTimeout as delay } from "node:timers/promises";

/** Pause between two looks at a condition, in milliseconds. */
const interval = 50;

/**
 * Waits for a condition that nothing announces.
 *
 * @param limit longest wait in milliseconds.
 * @returns whether it came true in time.
 */
export async function until(condition: () => boolean | Promise<boolean>, limit: number): Promise<boolean> {
  const end = performance.now() + limit;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await delay(interval);
  }
}
