import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { TypedCommand } from "./typed-command";

/** A moment of an update. */
export interface Moment {
  /** Resources that it has begun to change by then. */
  readonly begun: number;
  /** A type of resource of which it has made one by then. @default none */
  readonly made?: string;
  /** Milliseconds after that. */
  readonly after: number;
}

/** The same share of 1 for the same seed, as if it were random. */
export function share(seed: string): number {
  return createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * A moment of an update that is the same for the same name.
 *
 * @param changes - resources that the update changes
 */
export function momentOf(name: string, changes: number): Moment {
  return {
    begun: 1 + Math.floor(share(`${name} begun`) * changes * 0.98),
    after: Math.round(share(`${name} after`) * 300),
  };
}

/**
 * Waits for a moment of an update.
 *
 * @param log - the update's events
 * @returns false: it has ended before
 */
export async function reached(
  update: TypedCommand,
  log: string,
  { begun, made, after }: Moment,
): Promise<boolean> {
  const isThere = (): boolean =>
    changes(log, "resourcePreEvent").length >= begun &&
    (made === undefined || changes(log, "resOutputsEvent").some((line) => line.includes(`"${made}"`)));
  while (!update.isOver && !isThere()) await delay(20);
  await Promise.race([delay(after), update.ended]);
  return !update.isOver;
}

/** The events of a kind that tell of a change, as they are logged. */
function changes(log: string, event: "resourcePreEvent" | "resOutputsEvent"): readonly string[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes(`"${event}"`) && !line.includes('"op":"same"'));
}
