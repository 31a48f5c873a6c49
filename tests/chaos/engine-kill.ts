import { once } from "node:events";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EngineEnvironment } from "../engine/engine-environment";
import { startPulumi } from "./stack-commands";

/** The same share of 1 for the same seed, as if it were random. */
export function share(seed: string): number {
  return createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32;
}

/** When an engine is killed. */
export interface Moment {
  /** Resources that it has begun to change by then. */
  readonly begun: number;
  /** Milliseconds after that. */
  readonly after: number;
}

/**
 * Runs the CLI on a stack and kills it with SIGKILL.
 *
 * @returns whether it was killed; false: it had ended before
 */
export async function killEngine(
  engine: EngineEnvironment,
  command: "up" | "destroy",
  { begun, after }: Moment,
): Promise<boolean> {
  const log = join(engine.environment.layout.directory, "killed.events");
  rmSync(log, { force: true });
  const options = ["--yes", "--skip-preview", "--parallel", "64", "--suppress-progress", "--event-log", log];
  const child = startPulumi(engine, command, ...options);
  const ended = once(child, "exit");
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!isOver() && changesBegun(log) < begun) await delay(20);
  await Promise.race([delay(after), ended]);
  child.kill("SIGKILL");
  await ended;
  return child.signalCode === "SIGKILL";
}

function changesBegun(log: string): number {
  if (!existsSync(log)) return 0;
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes('"resourcePreEvent"') && !line.includes('"op":"same"')).length;
}
